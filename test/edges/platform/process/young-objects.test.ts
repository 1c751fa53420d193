import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const module = new URL('../../../../src/platform/process/young-objects.ts', import.meta.url).href;
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
