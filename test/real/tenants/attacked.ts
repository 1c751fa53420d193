import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../repository/project-files.ts';
import type { Attack } from './attacks.ts';

const folder = join(projectRoot, 'test/real/tenants');
const endsWithParent = ['--import', join(projectRoot, 'test/real/ends-with-parent.ts')];

/** How an attack went. */
interface AttackOutcome {
  /** Why calls failed whose query is slow, and the other calls. */
  readonly slowFailures: readonly string[];
  readonly otherFailures: readonly string[];
  /** Streams that were begun on many connections. */
  readonly opened: number;
}

interface Program {
  /** The next line that it writes. */
  line(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a program of this folder, which ends with the test. */
function startProgram(name: string, args: readonly string[]): Program {
  const child = spawn(process.execPath, [...endsWithParent, join(folder, name), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async line() {
      const { value, done } = (await lines.next()) as IteratorResult<string, undefined>;
      if (done) throw new Error(`${name} ended without a word`);
      return value;
    },
    async stop() {
      child.kill();
      await exited;
    },
  };
}

/** A server of grpc-js that answers every question with a constant: what it takes is the machine's and the library's share. */
export async function startBareServer() {
  const program = startProgram('bare-server.ts', []);
  return { port: Number(await program.line()), stop: program.stop };
}

/** Attacks a server from a process of its own until it is stopped. */
export function startAttacker(port: number, attack: Attack) {
  const program = startProgram('attacker.ts', [String(port), JSON.stringify(attack)]);
  const outcome = program.line().then((line) => JSON.parse(line) as AttackOutcome);
  // Who stops the attack before it is over does not wait for its outcome.
  outcome.catch(() => undefined);
  return { outcome, stop: program.stop };
}
