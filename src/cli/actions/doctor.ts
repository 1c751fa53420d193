import { readFile } from 'node:fs/promises';
import { type ExaminedPoint, examineScaler, parseTrigger, toSentMetadata } from '../../keda-sim/index.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { splitPair } from '../../platform/setting-values.ts';
import type { CommandIo } from '../command-io.ts';
import type { DoctorFlags } from '../commands/doctor.ts';
import { readTriggerCertificates } from './trigger-certificates.ts';

/** `forescale doctor`: judges an external scaler by every point of KEDA's contract, and fails where one of them does. */
export async function doctor(flags: DoctorFlags, io: CommandIo): Promise<void> {
  const { values } = flags;
  const address = values.scaler;
  const zero = readPairs(flags, values.zero);
  const certificates = await readTriggerCertificates(flags);
  flags.check();
  const trigger = values.metadata === undefined ? { metadata: {} } : await readTrigger(values.metadata);

  const points = await examineScaler({
    address,
    certificates,
    zero,
    ref: {
      namespace: values.namespace ?? trigger.namespace ?? 'default',
      name: values.name ?? trigger.name ?? 'forescale-doctor',
      scalerMetadata: { ...toSentMetadata(trigger.metadata, address, io.env) },
    },
    ...(io.isTty && { onPoint: ({ number, name }) => io.stderr(`judged ${number}: ${name}\n`) }),
  });
  for (const point of points) io.stdout(values.json ? `${JSON.stringify(point)}\n` : `${inOneLine(point)}\n`);
  const failed = points.filter(({ verdict }) => verdict === 'fails');
  if (failed.length === 0) return;
  const numbers = failed.map(({ number }) => number).join(', ');
  throw new ForescaleError(
    'contract-broken',
    `${address} fails ${failed.length} of ${points.length} points: ${numbers}`,
  );
}

const words = { passes: 'passes', fails: 'FAILS ', 'not-applicable': 'n/a   ' } as const;

function inOneLine({ number, name, verdict, seen }: ExaminedPoint): string {
  return `${String(number).padStart(2)} ${words[verdict]} ${name}: ${seen.replace(/\s+/g, ' ')}`;
}

function readPairs(
  flags: DoctorFlags,
  entries: readonly string[] | undefined,
): Readonly<Record<string, string>> | undefined {
  if (entries === undefined) return undefined;
  const pairs = entries.map((entry) => splitPair(entry) ?? []);
  if (pairs.every(([key]) => key !== undefined)) return Object.fromEntries(pairs);
  flags.wrong('--zero', `"${entries.join(' ')}" must be key=value`);
  return undefined;
}

async function readTrigger(file: string): Promise<ReturnType<typeof parseTrigger>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ForescaleError('invalid-argument', `--metadata ${file} cannot be read: ${reason}`);
  });
  return parseTrigger(text, file);
}
