import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const module = new URL('../../../../src/platform/process/young-objects.ts', import.meta.url).href;
/** Makes objects of which some survive, and prints the CPU time of the thread that made them and of V8's other threads, ms. */
const program = `
  import { readdirSync, readFileSync } from 'node:fs';
  import { collectYoungObjectsAlone } from '${module}';
  collectYoungObjectsAlone();
  const kept = new Array(20_000);
  for (let made = 0; made < 6_000_000; made++) kept[made % kept.length] = { made, more: [made] };
  const cpuMs = (thread) => Number(readFileSync(\`/proc/self/task/\${thread}/schedstat\`, 'utf8').split(' ')[0]) / 1e6;
  const nameOf = (thread) => readFileSync(\`/proc/self/task/\${thread}/comm\`, 'utf8').trim();
  const helpers = readdirSync('/proc/self/task').filter((thread) => nameOf(thread) === 'V8Worker');
  const helped = helpers.reduce((sum, thread) => sum + cpuMs(thread), 0);
  console.log(JSON.stringify({ threads: helpers.length, own: cpuMs(process.pid), helped }));
`;

it.runIf(process.platform === 'linux')('lets a thread collect its young objects without others', () => {
  const args = ['--max-semi-space-size=8', '--input-type=module', '--eval', program];
  const { threads, own, helped } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  expect(threads).toBeGreaterThan(0);
  // Two thirds of what the thread itself needs, where others help.
  expect(helped).toBeLessThan(own / 4);
});

/** Starts a thread that makes objects, and prints the size of its young heap, MiB, and afterwards that of the one that has started it. */
const withThread = `
  import { Worker } from 'node:worker_threads';
  import { boundYoungHeapsOfThreads } from '${module}';
  boundYoungHeapsOfThreads();
  const made = \`
    const { getHeapSpaceStatistics } = process.getBuiltinModule('v8');
    const kept = new Array(50_000);
    for (let made = 0; made < 3_000_000; made++) kept[made % kept.length] = { made };
    const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20;
  \`;
  const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };
  const told = made + "require('node:worker_threads').parentPort.postMessage(young)";
  const worker = new Worker(told, { eval: true, execArgv: [], resourceLimits });
  const ofThread = await new Promise((resolve) => worker.once('message', resolve));
  console.log(JSON.stringify({ ofThread, own: new Function(made + 'return young')() }));
`;

it('leaves threads the young heap that they are given, where the process has another', () => {
  const args = ['--max-semi-space-size=8', '--input-type=module', '--eval', withThread];
  const { ofThread, own } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  expect(ofThread).toBeLessThanOrEqual(4);
  expect(own).toBe(16);
});
