import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { network, nodeName } from '../network.ts';
import type { ClusterFolder } from './folder.ts';

/** The processes of a cluster and their namespaces. */
export interface KeptNode {
  /** Resolves once all is gone, with what was said last. */
  readonly ended: Promise<string>;
  /** Ends everything and removes what it left; safe to call twice. */
  stop(): Promise<void>;
}

const keptOutputCharacters = 4_000;

/**
 * Makes the namespaces of a cluster and starts its programs in them as soon as the folder says which. `libraries` are folders for the
 * loader, `env` is the environment of the programs. All ends with this process at the latest.
 */
export function keepNode(
  folder: ClusterFolder,
  libraries: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): KeptNode {
  const script = (name: string) => join(import.meta.dirname, name);
  const start = [process.execPath, script('inside.ts'), folder.path];
  const init = ['sh', script('init.sh'), folder.path, nodeName, network.node, libraries.join('\n'), ...start];
  const keeper = spawn('sh', [script('keeper.sh'), folder.path, ...init], {
    env,
    // A terminal's Ctrl-C is for us, who stop things in order.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  // The pipe breaks when the keeper ends, which is no news.
  keeper.stdin.on('error', () => undefined);
  let said = '';
  keeper.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-keptOutputCharacters);
  });
  const ended = once(keeper, 'exit').then(() => said.trim());
  return {
    ended,
    async stop() {
      keeper.stdin.end();
      await ended;
    },
  };
}
