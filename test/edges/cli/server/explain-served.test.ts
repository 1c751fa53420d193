import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../../src/api/app.ts';
import type { ApiInstance } from '../../../../src/api/instance.ts';
import { errorTable } from '../../../../src/platform/errors.ts';
import { decisions } from '../../../pure/scaler/record/some-decisions.ts';
import { apiOptions, directoryOf, goodDecision, modelOf, taught, workloadOf } from '../../api/fixture.ts';
import { recordOf, startSeconds } from '../../api/record-fixture.ts';
import { runCommand, runFailing } from '../run-command.ts';

describe('forescale explain NAMESPACE/NAME', () => {
  let app: ApiInstance;
  let url: string;
  beforeEach(async () => {
    const model = modelOf(taught(9));
    const failing = workloadOf(model, { name: 'failing', decision: () => undefined });
    const easy = workloadOf(model, { name: 'easy', decision: () => ({ ...goodDecision, askedFactor: 0.5 }) });
    const directory = directoryOf([workloadOf(model), failing, easy]);
    app = await createApiApp(apiOptions({ directory, record: recordOf(decisions(300, startSeconds)) }));
    url = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(() => app.close());

  const explain = (...args: readonly string[]) => runCommand(['explain', ...args, '--server', url]);
  async function failing(...args: readonly string[]) {
    const { error } = await runFailing(['explain', ...args, '--server', url]);
    return { message: error.message, exitCode: errorTable[error.code].exitCode };
  }

  it('says in a sentence and in parts why KEDA was told its value then', async () => {
    const { stdout } = await explain('shop/checkout', '--at', '2026-01-06T08:26:45Z');
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(
      /^At 2026-01-06 08:26:45Z KEDA was told 121 requests\/s, which is 13 replicas at 10 each: /,
    );
    expect(stdout).toMatch(/\nobserved +105\.\d {2}demand that was observed\n/);
    expect(stdout).toMatch(/\ntogether +121\.\d\n/);
    expect(stdout).toMatch(/\nmodels: {2}ridge-ar 41%, profile 22%\n/);
  });

  it('prints the answer of the server as JSON', async () => {
    const { stdout } = await explain('shop/checkout', '--at', String(startSeconds + 60), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ name: 'checkout', recorded: { at: startSeconds + 60 } });
  });

  it('explains what is decided now without a moment', async () => {
    const { stdout } = await explain('shop/checkout');
    expect(stdout).toMatch(/^KEDA is told 160 requests\/s \(8 replicas\): /);
    expect(stdout).toContain('safetyMargin');
  });

  it('adds up to what is planned for, also where feedback takes a share off', async () => {
    const together = async (workload: string) =>
      Number(/^together +(.*)$/m.exec((await explain(workload)).stdout)?.[1]);
    const whole = await together('shop/checkout');
    expect(whole).toBeGreaterThan(0);
    expect(await together('shop/easy')).toBeCloseTo(whole / 2, 0);
    expect((await explain('shop/easy')).stdout).toMatch(/^askedFactor +-.* {2}taken off/m);
  });

  it('shows no sum where nothing is served', async () => {
    const { stdout } = await explain('shop/failing');
    expect(stdout).toMatch(/^Unavailable: KEDA gets an error/);
    expect(stdout).not.toContain('together');
  });

  it('names what is not on record, and what does not go together', async () => {
    expect(await failing('shop/checkout', '--at', '2026-01-01')).toMatchObject({
      message: expect.stringMatching(/no decision is on record for 2026-01-01 00:00:00Z: the record begins/),
      exitCode: 1,
    });
    expect(await failing('shop/checkout', '--csv', 'x.csv')).toMatchObject({
      message: expect.stringMatching(/--csv: goes with a history/),
      exitCode: 2,
    });
    expect(await failing('--csv', 'x.csv', '--at', '02:40')).toMatchObject({
      message: expect.stringMatching(/--at: a time of day goes with a workload/),
      exitCode: 2,
    });
    expect((await failing('shop')).message).toMatch(/a namespace and a name/);
  });
});
