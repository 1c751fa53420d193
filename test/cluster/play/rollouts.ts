import type { Kubectl } from '../../../tools/cluster/kubectl.ts';

/** Longest wait of one kubectl, which is ended after a minute. */
const callSeconds = 45;

/** Waits until a rollout has ended, in calls of less than a minute each. */
export async function rolledOut(
  kubectl: Kubectl,
  workload: string,
  namespace: string,
  calls = 6,
): Promise<void> {
  let said = '';
  for (let call = 0; call < calls; call++) {
    const args = ['rollout', 'status', workload, '-n', namespace, `--timeout=${callSeconds}s`];
    const { exitCode, stdout, stderr } = await kubectl(args);
    if (exitCode === 0) return;
    said = stderr || stdout;
  }
  const { stdout: pods } = await kubectl(['get', 'pods', '-A', '-o', 'wide']);
  const { stdout: events } = await kubectl(['get', 'events', '-n', namespace, '--sort-by=.lastTimestamp']);
  throw new Error(`${namespace}/${workload} is not rolled out: ${said}\n${pods}\n${events.slice(-4_000)}`);
}
