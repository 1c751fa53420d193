import { setTimeout as sleep } from 'node:timers/promises';
import { StatusSchema } from '../../../api/schemas/server.ts';
import { ForescaleError, toForescaleError } from '../../../platform/errors.ts';
import { createPaint } from '../../../platform/terminal/paint.ts';
import type { CommandIo } from '../../command-io.ts';
import type { StatusFlags } from '../../commands/status.ts';
import { notYet } from '../not-yet.ts';
import { findWorkloads, knowsNone } from './list-workloads.ts';
import { createServerClient, type ServerClient } from './server-client.ts';
import { type Looked, statusLines } from './status-lines.ts';

/** `forescale status`: the workloads of a running server, those that want attention first, once or again and again. */
export async function status(flags: StatusFlags, io: CommandIo): Promise<void> {
  const client = createServerClient(flags, io);
  try {
    if (flags.values.watch) return await watch(client, flags, io);
    const looked = await look(client, flags);
    if (looked.workloads.length > 0 || flags.values.workload === undefined) print(looked, flags, io);
    if (looked.workloads.length === 0) throw nothing(looked, flags);
  } finally {
    await client.close();
  }
}

async function look(client: ServerClient, { values }: StatusFlags): Promise<Looked> {
  const { workload: wanted, namespace = wanted?.namespace, search = wanted?.name } = values;
  const parameters = { ...(namespace && { namespace }), ...(search && { search }) };
  const [server, found] = await Promise.all([
    client.get('/api/v1/status', StatusSchema),
    findWorkloads(client, parameters),
  ]);
  const workloads = found.workloads.filter(({ name }) => wanted === undefined || name === wanted.name);
  const { shards } = found;
  return { server: client.address, status: server, ...(shards.length > 0 && { shards }), workloads };
}

function nothing({ server, status: { workloads } }: Looked, { values: { workload } }: StatusFlags) {
  if (workload !== undefined) {
    const named = `${workload.namespace}/${workload.name}`;
    return new ForescaleError('not-found', `${server}: no workload ${named}; leave it out to see all`);
  }
  const message =
    workloads.total > 0 ? `none of the ${workloads.total} workloads matches` : knowsNone(server);
  return notYet('nothing to show', [{ message }]);
}

function print(looked: Looked, { values: { json, timeZone } }: StatusFlags, io: CommandIo): void {
  const paint = createPaint(io.isStdoutTty === true, io.env);
  const text = json ? `${JSON.stringify(looked)}\n` : statusLines(looked, { paint, timeZone }).join('');
  io.stdout(text);
}

/** Writes from the first cell of the terminal on; what was there before is cleared line by line, which does not flicker. */
const home = '\x1b[H';
const clearLine = '\x1b[K\n';
const clearBelow = '\x1b[J';

async function watch(client: ServerClient, flags: StatusFlags, io: CommandIo): Promise<void> {
  const { json, timeZone, everySeconds } = flags.values;
  const { signal } = io;
  const paint = createPaint(io.isStdoutTty === true, io.env);
  const isDrawn = io.isStdoutTty === true && !json;
  if (isDrawn) io.stdout('\x1b[2J');
  const hasEnded = () => signal?.aborted === true;
  while (!hasEnded()) {
    try {
      const looked = await look(client, flags);
      if (isDrawn) io.stdout(fitted(statusLines(looked, { paint, timeZone }), io));
      else print(looked, flags, io);
    } catch (error) {
      if (hasEnded()) return;
      const { message } = toForescaleError(error);
      if (isDrawn) io.stdout(fitted([`${paint('red', message)}\n`], io));
      else io.stderr(`${message}\n`);
    }
    await sleep(everySeconds * 1000, undefined, { ...(signal && { signal }) }).catch(() => undefined);
  }
}

/** As many lines as the terminal has, and how many more there are. */
function fitted(lines: readonly string[], { terminalSize }: CommandIo): string {
  const { rows = lines.length + 2 } = terminalSize?.() ?? {};
  const shown =
    lines.length < rows ? lines : [...lines.slice(0, rows - 2), `… ${lines.length - rows + 2} more lines\n`];
  return `${home}${shown.map((line) => line.replace('\n', clearLine)).join('')}${clearBelow}`;
}
