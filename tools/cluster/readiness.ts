import { setTimeout as sleep } from 'node:timers/promises';
import type { Kubectl } from './kubectl.ts';
import { nodeName } from './network.ts';

/** Waits for the parts of a cluster that starts. Each wait rejects when the cluster ends meanwhile, or after some minutes. */
export interface Readiness {
  apiServer(): Promise<void>;
  node(): Promise<void>;
  rollout(namespace: string, deployment: string): Promise<void>;
  /** Applies manifests. */
  apply(manifests: readonly object[]): Promise<void>;
}

/** Everything takes half a minute on two cores that have nothing else to do. */
const timeoutMs = 300_000;
const pauseMs = 200;

export function createReadiness(kubectl: Kubectl, ended: Promise<string>): Readiness {
  let end: string | undefined;
  void ended.then((said) => {
    end = said;
  });

  /** Calls kubectl until what it prints is as wanted. */
  async function until(
    args: readonly string[],
    isWanted: (stdout: string) => boolean,
    input?: string,
  ): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const { exitCode, stdout, stderr } = await kubectl(args, input);
      if (exitCode === 0 && isWanted(stdout)) return;
      if (end !== undefined) throw new Error(`the cluster ended while it started: ${end}`);
      if (performance.now() > deadlineMs)
        throw new Error(`kubectl ${args.join(' ')} did not say what is wanted: ${stderr}${stdout}`);
      await sleep(pauseMs);
    }
  }
  const isReady = '{.status.conditions[?(@.type=="Ready")].status}';
  return {
    apiServer: () => until(['get', '--raw=/readyz'], (said) => said === 'ok'),
    node: () => until(['get', 'node', nodeName, `--output=jsonpath=${isReady}`], (said) => said === 'True'),
    rollout: (namespace, deployment) =>
      until(
        ['rollout', 'status', `--namespace=${namespace}`, `deployment/${deployment}`, '--timeout=20s'],
        (said) => said.includes('successfully rolled out'),
      ),
    apply: (manifests) =>
      until(
        ['apply', '--server-side', '--filename=-'],
        () => true,
        manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n'),
      ),
  };
}
