import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingFaults, settingTexts } from '../loadtests/lib/read-settings.ts';
import { isScriptName, type ScriptName, scriptNames } from '../loadtests/lib/scripts.ts';
import { settings } from '../loadtests/lib/settings.ts';
import { errorTable, toForescaleError } from '../src/platform/errors.ts';
import { catchInterrupt, interruptedExitCode } from '../src/platform/process/interrupt.ts';
import { closestName } from '../src/platform/schema/closest-name.ts';
import { withoutUserInfo } from '../src/platform/without-user-info.ts';
import { loadListing } from './load-listing.ts';
import { findProgram } from './programs/find-program.ts';

/**
 * `make load SCRIPT=name`: finds k6, checks every variable before anything is sent, makes the folder for the summary
 * and runs the script. Ends as k6 does: 0, or 99 where a rule was broken. What follows the name goes to k6.
 */
const folder = fileURLToPath(new URL('../loadtests/', import.meta.url));
const usageExit = 2;
/** Variables that this launcher reads and the scripts do not. */
const ownVariables = ['LOAD_PROMETHEUS', 'LOAD_ARGS'];
/** Options with which k6 would replace the script's own scenarios, so that the rules would judge another load. */
const replacesScenarios: Readonly<Record<string, string>> = {
  K6_VUS: 'LOAD_PEAK_RPS',
  K6_DURATION: 'LOAD_SECONDS',
  K6_ITERATIONS: 'LOAD_SECONDS',
  K6_STAGES: 'LOAD_SECONDS and LOAD_PEAK_RPS',
};

function environmentFaults(script: ScriptName, env: NodeJS.ProcessEnv): string[] {
  const known = [...Object.values(settings).map(({ name }) => name as string), ...ownVariables];
  const misspelt = Object.keys(env)
    .filter((name) => name.startsWith('LOAD_') && !known.includes(name))
    .map((name) => {
      const meant = closestName(name, known);
      return `${name} is no variable of the load tests${meant === undefined ? '' : `; did you mean ${meant}?`}`;
    });
  const replaced = Object.entries(replacesScenarios)
    .filter(([name]) => env[name] !== undefined)
    .map(([name, instead]) => `${name} would replace what the script sends; unset it and use ${instead}`);
  const prometheus = env['LOAD_PROMETHEUS'] ?? '';
  const wrongUrl =
    prometheus === '' || (URL.canParse(prometheus) && /^https?:/.test(prometheus))
      ? []
      : [`LOAD_PROMETHEUS is "${withoutUserInfo(prometheus)}" but must be an http:// or https:// URL`];
  return [...settingFaults(script, env), ...misspelt, ...replaced, ...wrongUrl];
}

/** Options with which k6 writes its metrics into Prometheus, whose remote-write receiver must be on. */
function remoteWrite(prometheus: string): { args: string[]; env: Record<string, string> } {
  if (prometheus === '') return { args: [], env: {} };
  const base = prometheus.replace(/\/+$/, '');
  return {
    args: ['--out', 'experimental-prometheus-rw'],
    env: {
      K6_PROMETHEUS_RW_SERVER_URL: base.endsWith('/write') ? base : `${base}/api/v1/write`,
      K6_PROMETHEUS_RW_TREND_STATS: 'p(50),p(95),p(99),max',
    },
  };
}

/** Finds or builds k6. Resolves to undefined when Ctrl-C comes first. */
async function findK6(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { signal, release } = catchInterrupt();
  const sayWait = () => console.error('k6 is not here yet: building it, once, which takes a minute or two');
  try {
    return (await findProgram('k6', env, sayWait, signal)).path;
  } catch (thrown) {
    if (signal.aborted) return undefined;
    throw thrown;
  } finally {
    release();
  }
}

/** Runs k6 to its end and gives its exit code. */
async function runScript(
  script: ScriptName,
  k6Args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const path = await findK6(env);
  if (path === undefined) return interruptedExitCode;
  const summaryDir = resolve(settingTexts(script, env).get(settings.summaryDir.name) ?? '.');
  mkdirSync(summaryDir, { recursive: true });
  const output = remoteWrite(env['LOAD_PROMETHEUS'] ?? '');
  const args = ['run', '--no-usage-report', '--tag', `script=${script}`, ...output.args, ...k6Args];
  const child = spawn(path, [...args, resolve(folder, `${script}.ts`)], {
    stdio: 'inherit',
    env: { ...env, ...output.env, LOAD_SUMMARY_DIR: summaryDir },
  });
  // A terminal's Ctrl-C reaches k6 as well, which then ends in order and sums up; a second one ends it at once.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  console.error(
    `summary in ${summaryDir}: ${['json', 'junit.xml', 'html'].map((kind) => `${script}.${kind}`).join(', ')}`,
  );
  return code ?? 1;
}

async function main([name = '', ...k6Args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (name === '--help' || name === '-h') {
    console.log(loadListing());
    return 0;
  }
  if (!isScriptName(name)) {
    const meant = closestName(name, scriptNames);
    const wrong = name === '' ? 'SCRIPT is not set' : `SCRIPT is "${name}", which is no load test`;
    console.error(`${wrong}${meant === undefined ? '' : `; did you mean ${meant}?`}\n\n${loadListing()}`);
    return usageExit;
  }
  const faults = environmentFaults(name, env);
  if (faults.length > 0) {
    console.error(faults.join('\n'));
    return usageExit;
  }
  try {
    return await runScript(name, k6Args, env);
  } catch (thrown) {
    const error = toForescaleError(thrown);
    console.error(error.message);
    return errorTable[error.code].exitCode;
  }
}

process.exitCode = await main(process.argv.slice(2), process.env);
