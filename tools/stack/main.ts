import { CommanderError } from 'commander';
import { cleanup } from './cleanup.ts';
import { createCommandLine, type Invocation, type Verb } from './command-line.ts';
import { deploy } from './deploy.ts';
import { doctor } from './doctor.ts';
import { install } from './install.ts';
import { load, seed } from './jobs.ts';
import { credentials, logs, status } from './look.ts';
import { ports } from './ports.ts';
import { endChildren, endWithSignals, StackError, say, UsageError } from './processes.ts';
import { type Session, selectTarget } from './session.ts';
import { test } from './test.ts';

const clusterVerbs: Readonly<Record<Verb, (session: Session) => Promise<void>>> = {
  ...{ doctor, install, deploy, status, ports, logs, load, seed, test, credentials, cleanup },
};

async function take({ verb, words, options }: Invocation): Promise<void> {
  await clusterVerbs[verb]({ ...(await selectTarget(options)), words, options });
}

/** Runs one command line of `./stack` and resolves with its exit code: 0 done, 1 not, 2 wrong command line. */
async function main(args: readonly string[]): Promise<number> {
  endWithSignals();
  try {
    await createCommandLine(take).parseAsync(args.length === 0 ? ['help'] : [...args], { from: 'user' });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    if (!(thrown instanceof StackError)) throw thrown;
    say(`stack: ${thrown.message}${thrown.remedy === '' ? '' : `\n       ${thrown.remedy}`}`);
    return thrown instanceof UsageError ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
// A kubectl that still forwards a port would keep this process; ending it at once could cut its output off.
endChildren();
