import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const interrupt = new URL('../../../../src/platform/process/interrupt.ts', import.meta.url).href;

/** A service whose stop is `stop`; it runs `start` and gives the signals once it has said that it runs. */
async function runService(options: {
  readonly stop: string;
  readonly start?: string;
  readonly limitMs?: number;
  readonly signals: readonly NodeJS.Signals[];
}): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { stopOnInterrupt } from ${JSON.stringify(interrupt)};
    const onFailure = (error) => console.log('failed: ' + error.message);
    stopOnInterrupt(async (reason) => { ${options.stop} }, { limitMs: ${options.limitMs ?? 30_000}, onFailure });
    setInterval(() => undefined, 1000);
    console.log('running');
    ${options.start ?? ''}`,
  ]);
  const waiting = [...options.signals];
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    const next = waiting.shift();
    if (next !== undefined) child.kill(next);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

it('stops in order at a signal and ends well', async () => {
  const { code, output } = await runService({
    stop: `console.log('stopped by ' + reason.signal)`,
    signals: ['SIGTERM'],
  });
  expect({ code, output }).toEqual({ code: 0, output: 'running\nstopped by SIGTERM\n' });
});

it('ends at once at the second signal', async () => {
  const { code, output } = await runService({
    stop: `console.log('stopping'); await new Promise(() => undefined)`,
    signals: ['SIGINT', 'SIGINT'],
  });
  expect({ code, output }).toEqual({ code: 130, output: 'running\nstopping\n' });
});

it('ends badly when stopping takes too long or fails, and says so', async () => {
  const slow = await runService({
    stop: 'await new Promise(() => undefined)',
    signals: ['SIGTERM'],
    limitMs: 200,
  });
  expect(slow).toEqual({ code: 1, output: 'running\nfailed: took longer than 200 ms\n' });
  const broken = await runService({ stop: `throw new Error('no')`, signals: ['SIGTERM'] });
  expect(broken).toEqual({ code: 1, output: 'running\nfailed: no\n' });
});

it('stops in order after an error that nobody caught, and ends badly', async () => {
  const { code, output } = await runService({
    stop: `console.log('stopped by ' + reason.error.message)`,
    start: `void Promise.reject(new Error('a bug'))`,
    signals: [],
  });
  expect({ code, output }).toEqual({ code: 1, output: 'running\nstopped by a bug\n' });
});
