import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

interface Process {
  readonly id: string;
  /** When it started, in ticks of the machine: numbers of processes and namespaces are used again. */
  readonly start: string;
  readonly namespace: string;
  readonly command: string;
}

/** What of an engine can be seen on the machine: nothing, when it has ended. */
export interface Traces {
  readonly processes: readonly Process[];
  readonly mounts: readonly string[];
  readonly controlGroups: readonly string[];
}

/**
 * Looks from outside for processes that were started for the folder of an engine or were its processes earlier, for its mounts and
 * its control groups.
 */
export function tracesOf(folder: string, earlier: readonly Process[] = []): Traces {
  const processes = runningProcesses().filter(
    ({ id, start, command }) =>
      command.includes(folder) || earlier.some((one) => one.id === id && one.start === start),
  );
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(folder));
  return { processes, mounts, controlGroups: controlGroups(basename(folder)) };
}

/** The processes of the engine in `folder`: all that are in namespaces of those that were started for it, but for the machine's own. */
export function processesOf(folder: string): readonly Process[] {
  const running = runningProcesses();
  const own = new Set(running.filter(({ command }) => command.includes(folder)).map((one) => one.namespace));
  own.delete(pidNamespace('self'));
  own.delete('');
  return running.filter(({ namespace }) => own.has(namespace));
}

/** The interfaces of this machine's network. */
export const networkInterfaces = (): readonly string[] => readdirSync('/sys/class/net').sort();

const runningProcesses = (): readonly Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((id) => ({ id, start: startOf(id), namespace: pidNamespace(id), command: commandLine(id) }));

/** The processes come and go while they are looked at. */
function whileThere(look: () => string): string {
  try {
    return look();
  } catch {
    return '';
  }
}

const commandLine = (pid: string) =>
  whileThere(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
/** What follows the name, which may have spaces, begins with field 3; the start is field 22. */
const startOf = (pid: string) =>
  whileThere(() => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '');
const pidNamespace = (pid: string) => whileThere(() => readlinkSync(`/proc/${pid}/ns/pid`));

/** Version 1 has a tree for each controller, version 2 one for all. */
function controlGroups(name: string): readonly string[] {
  const root = '/sys/fs/cgroup';
  const trees = [
    root,
    ...readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [join(root, entry.name)] : [],
    ),
  ];
  return trees
    .map((tree) => join(tree, name))
    .filter((path) => whileThere(() => readdirSync(path).join()) !== '');
}
