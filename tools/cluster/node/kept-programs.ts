import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Programs in namespaces of their own. */
export interface KeptPrograms {
  /** Resolves once all is gone, with what was said last. */
  readonly ended: Promise<string>;
  hasEnded(): boolean;
  /** Ends everything and removes what it left; safe to call twice. */
  stop(): Promise<void>;
}

const keptOutputCharacters = 4_000;
const keeperScript = join(import.meta.dirname, 'keeper.sh');

/** Starts a command in namespaces of its own; `folder` is its place for files. All ends with this process at the latest. */
export function keepPrograms(
  folder: string,
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): KeptPrograms {
  const keeper = spawn('sh', [keeperScript, folder, ...command], {
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
    hasEnded: () => keeper.exitCode !== null,
    async stop() {
      keeper.stdin.end();
      await ended;
    },
  };
}
