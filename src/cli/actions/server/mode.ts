import type { Static } from 'typebox';
import { ModeAnswerSchema, StatusSchema } from '../../../api/schemas/server.ts';
import type { CommandIo } from '../../command-io.ts';
import type { ModeFlags } from '../../commands/mode.ts';
import { createServerClient } from './server-client.ts';

type ModeAnswer = Static<typeof ModeAnswerSchema>;

const meanings = {
  active: 'the forecasts decide',
  reactive: 'the kill switch is on, and every signal is the observed demand',
} as const satisfies Record<ModeAnswer['mode'], string>;

/** `forescale mode`: shows or switches the kill switch of all replicas. */
export async function mode(flags: ModeFlags, io: CommandIo): Promise<void> {
  const client = createServerClient(flags, io);
  const { mode: wanted, json } = flags.values;
  try {
    const { mode: is, replicas } =
      wanted === undefined
        ? await client.get('/api/v1/status', StatusSchema)
        : await client.post('/api/v1/mode', { mode: wanted }, ModeAnswerSchema);
    io.stdout(json ? `${JSON.stringify({ mode: is, replicas })}\n` : forPeople({ mode: is, replicas }));
  } finally {
    await client.close();
  }
}

function forPeople({ mode: is, replicas }: ModeAnswer): string {
  const said = `mode ${is}: ${meanings[is]}\n`;
  if (replicas.length < 2) return said;
  const width = Math.max(...replicas.map(({ replica }) => replica.length));
  const lines = replicas.map(({ replica, mode: own, answers }) => {
    const has = answers ? own : 'does not answer; it takes the switch when it does';
    return `  ${replica.padEnd(width)}  ${has}\n`;
  });
  return `${said}${lines.join('')}`;
}
