import { afterEach, describe, expect, it } from 'vitest';
import type { OutcomeJson } from '../../../../src/api/answers/outcome-answer.ts';
import { createApiApp } from '../../../../src/api/app.ts';
import type { ApiInstance } from '../../../../src/api/instance.ts';
import type { ApiOptions } from '../../../../src/api/ports.ts';
import type { WorkloadView } from '../../../../src/forecast/workload-view.ts';
import { errorTable } from '../../../../src/platform/errors.ts';
import {
  apiOptions,
  directoryOf,
  goodOutcome,
  modelOf,
  servedSpan,
  taught,
  workloadOf,
} from '../../api/fixture.ts';
import { runCommand, runFailing } from '../run-command.ts';

const model = modelOf(taught(0));
const week = 7 * 86_400;
const weekOf = (own: readonly [number, number], reactive: readonly [number, number]) => () => ({
  ...goodOutcome,
  windows: { ...goodOutcome.windows, '7d': servedSpan(week, own, reactive) },
});

const workloads: readonly WorkloadView[] = [
  workloadOf(model, { name: 'fine', outcome: weekOf([0.002, 5], [0.03, 5]) }),
  workloadOf(model, { name: 'new' }),
  workloadOf(model, { name: 'bad', outcome: weekOf([0.024, 8], [0.2, 6]) }),
  workloadOf(model, { name: 'shadow', mode: 'reactive', outcome: weekOf([0.009, 6.4], [0.08, 6]) }),
  workloadOf(model, {
    namespace: 'other',
    name: 'twice',
    trigger: 'one',
    outcome: weekOf([0.01, 1], [0.01, 1]),
  }),
  workloadOf(model, { namespace: 'other', name: 'twice', trigger: 'two', outcome: weekOf([0, 1], [0, 1]) }),
];

describe('forescale report', () => {
  let app: ApiInstance | undefined;
  afterEach(() => app?.close());

  async function serve(overrides: Partial<ApiOptions> = {}): Promise<string> {
    app = await createApiApp(apiOptions({ directory: directoryOf(workloads), ...overrides }));
    return app.listen({ host: '127.0.0.1', port: 0 });
  }
  const report = (...args: readonly string[]) => runCommand(['report', ...args]);
  async function failing(...args: readonly string[]) {
    const { error, stdout } = await runFailing(['report', ...args]);
    return { message: error.message, exitCode: errorTable[error.code].exitCode, stdout };
  }
  async function reportJson(...args: readonly string[]): Promise<readonly OutcomeJson[]> {
    const { stdout } = await report('--json', ...args);
    return (JSON.parse(stdout) as { workloads: OutcomeJson[] }).workloads;
  }

  it('lists what is served worst first, in mode reactive by the reactive rule, and what cannot be told last', async () => {
    const url = await serve();
    const all = await reportJson('--server', url);
    expect(all.map(({ name, trigger }) => (name === 'twice' ? trigger : name))).toEqual([
      'shadow',
      'bad',
      'one',
      'fine',
      'two',
      'new',
    ]);
    expect(all[0]).toMatchObject({ mode: 'reactive', advice: [{ code: 'turn-on' }] });
    expect(all.at(-1)).toMatchObject({ status: 'learning', advice: [] });
  });

  it('prints a table and the advice for each workload', async () => {
    const { stdout } = await report('--server', await serve());
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(
      /^workload, last 7 days +mode +allowed +short +reactive +replica-hours +reactive +level asked$/,
    );
    expect(lines[1]).toMatch(/^shop\/shadow +reactive +1% +0.9% +8% +1075 +1008 +97.2%$/);
    expect(lines[2]).toMatch(/^shop\/bad +active +1% +2.4% +20% +1344 +1008 +97.2%$/);
    expect(stdout).toMatch(/^other\/twice \(one\) +active /m);
    expect(stdout).toMatch(/^shop\/new +active +– +– /m);
    expect(stdout).toContain(
      '\nshop/shadow: Turn it on with mode: active: it is short for 0.9% of the time,',
    );
    expect(stdout).toContain('\nshop/bad: More is short than is allowed,');
    expect(stdout).toContain('\nshop/new: No decision could be played yet,');
  });

  it('reports on the workload that is named', async () => {
    const url = await serve();
    expect((await reportJson('--server', url, 'shop/bad')).map(({ name }) => name)).toEqual(['bad']);
    expect(await reportJson('other/twice', '--server', url)).toHaveLength(2);
  });

  it('takes the server from the environment', async () => {
    const env = { FORESCALE_SERVER: await serve() };
    expect((await runCommand(['report'], { env })).stdout).toContain('shop/bad');
  });

  it('reads every page of the list', async () => {
    const many = Array.from({ length: 2_100 }, (_, index) =>
      workloadOf(model, { name: `w${index}`, outcome: () => goodOutcome }),
    );
    const url = await serve({ directory: directoryOf(many) });
    expect(new Set((await reportJson('--server', url)).map(({ name }) => name)).size).toBe(2_100);
  });

  it('ends with 3 while nothing could be played, and says why', async () => {
    const url = await serve();
    const learning = await failing('--server', url, 'shop/new');
    expect(learning.exitCode).toBe(3);
    expect(learning.message).toMatch(/^nothing to report yet: no workload has a forecast/);
    expect(learning.stdout).toContain('shop/new: No decision could be played yet');
    await app?.close();
    const empty = await failing('--server', await serve({ directory: directoryOf([]) }));
    expect(empty).toMatchObject({ exitCode: 3, stdout: '' });
    expect(empty.message).toContain('knows no workload; KEDA has asked for none');
  });

  it('ends with 1 where the server does not know the workload, or none answers, and says what to do', async () => {
    const url = await serve();
    const unknown = await failing('--server', url, 'shop/nobody');
    expect(unknown.exitCode).toBe(1);
    expect(unknown.message).toContain('no workload shop/nobody; GET /api/v1/workloads lists');
    await app?.close();
    const silent = await failing('--server', url);
    expect(silent.exitCode).toBe(1);
    expect(silent.message).toMatch(/^cannot reach http:\/\/127.*ECONNREFUSED; check the address/);
  });

  it('ends with 2 where the name or the address is none, and shows no password', async () => {
    const { exitCode, message } = await failing('checkout', '--server', 'ftp://user:S3CRET@host');
    expect(exitCode).toBe(2);
    expect(message).toContain(
      'NAMESPACE/NAME: "checkout" must be a namespace and a name, such as shop/checkout',
    );
    expect(message).toContain('--server: …@host is neither http:// nor https://');
    expect(message).not.toContain('S3CRET');
  });

  it('sends the token of the environment or of a file where the server asks for it, and says so where it has none', async () => {
    const url = await serve({ token: async () => 'opensesame' });
    // A server on loopback asks those who call it by another name, as through a proxy.
    const foreign = ['--server', url, '--header', 'host=forescale.example'];
    await expect(report(...foreign)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('FORESCALE_API_TOKEN'),
    });
    const env = { FORESCALE_API_TOKEN: 'opensesame\n' };
    expect((await runCommand(['report', ...foreign], { env })).stdout).toContain('shop/bad');
  });

  it('takes what is no server of ours for none', async () => {
    const url = await serve({
      plugins: [(instance) => void instance.get('/else/api/v1/workloads', () => ({ hello: 'world' }))],
    });
    await expect(report('--server', `${url}/else`)).rejects.toMatchObject({ code: 'source-nonsense' });
    await expect(report('--server', `${url}/nothing`)).rejects.toMatchObject({ code: 'not-found' });
  });
});
