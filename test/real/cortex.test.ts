import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { createSources } from '../../src/history/profiles.ts';
import { openPrometheus } from '../../src/history/prometheus/prometheus.ts';
import { remoteWrite } from '../../src/seed/remote-write.ts';
import type { Series } from '../../src/seed/series.ts';
import { startCortex } from '../../tools/programs/cortex.ts';
import { contractEndSeconds as end, gauge, minutes } from './history-contract.ts';
import { promqlContract } from './promql-contract.ts';
import { skippedNote, whyNotInstalled } from './real-programs.ts';

const missing = await whyNotInstalled(['cortex']);
const tenant = 'shop';

/** A tenant whose queries may be two days long at most. */
const limited = 'limited';

const push = (url: string, series: Series, of: string = tenant) =>
  remoteWrite({ url, series, path: '/api/v1/push', headers: { 'x-scope-orgid': of } });
const openOf = (url: string, of: string) => openPrometheus({ url: `${url}/prometheus`, tenant: of });

describe.skipIf(missing)(`a real Cortex, asked for one of its tenants${skippedNote(missing)}`, () => {
  let url = '';
  const { source } = promqlContract({
    async start() {
      const cortex = await startCortex({
        env: process.env,
        limitsOfTenants: { [limited]: { max_query_length: '48h' } },
      });
      url = cortex.url;
      return cortex;
    },
    open: (address) => openOf(address, tenant),
    push,
  });

  const instant = { query: 'sum(demand)', atSeconds: end };

  it('gives each tenant what is its own, and both together to who may ask for both', async () => {
    const of = { shop: 7, checkout: 5 };
    for (const [name, value] of Object.entries(of)) await push(url, gauge('demand', [[end, value]]), name);
    for (const [name, value] of Object.entries(of)) {
      const own = openOf(url, name);
      expect(await own.instant(instant)).toMatchObject({ kind: 'value', value });
      await own.close();
    }
    const both = openOf(url, 'shop|checkout');
    expect(await both.instant(instant)).toMatchObject({ kind: 'value', value: 12 });
    const query = 'sum(demand{__tenant_id__="checkout"})';
    expect(await both.instant({ ...instant, query })).toMatchObject({ kind: 'value', value: 5 });
    await both.close();
    const stranger = openOf(url, 'stranger');
    expect(await stranger.instant(instant)).toMatchObject({ kind: 'missing', isEmpty: true });
    await stranger.close();
  });

  it('refuses who names no tenant, and is told what to set', async () => {
    const nobody = openPrometheus({ url: `${url}/prometheus` });
    await expect(nobody.instant(instant)).rejects.toMatchObject({
      code: 'source-rejected',
      message: expect.stringMatching(/answers 401.*no tenant was sent: set `tenant` in its profile/),
    });
    await nobody.close();
  });

  it('refuses a tenant that can be none, and is told to correct it', async () => {
    const impossible = openOf(url, 'shop & checkout');
    await expect(impossible.instant(instant)).rejects.toMatchObject({
      code: 'source-rejected',
      message: expect.stringMatching(/does not take the tenant.*unsupported character.*correct `tenant`/),
    });
    await impossible.close();
  });

  it('shows a namespace the tenant of its own profile, though all have the same address', async () => {
    const address = `${url}/prometheus`;
    const all = createSources({
      defaultUrl: undefined,
      profiles: ['shop', 'checkout'].map((name) => ({
        name,
        url: address,
        tenant: name,
        namespaces: [name],
      })),
      allowedAddresses: [],
    });
    const valueFor = async (namespace: string, named: string) => {
      const { source: granted } = all.resolve({ namespace, address: named });
      return granted.instant(instant);
    };
    expect(await valueFor('shop', 'shop')).toMatchObject({ kind: 'value', value: 7 });
    expect(await valueFor('checkout', address)).toMatchObject({ kind: 'value', value: 5 });
    await expect(valueFor('checkout', 'shop')).rejects.toMatchObject({ code: 'address-not-allowed' });
    await expect(valueFor('stranger', address)).rejects.toMatchObject({ code: 'address-not-allowed' });
    await all.close();
  });

  it('is tried first by the command of docs/history-in-thanos-mimir.md, for a tenant and for none', async () => {
    const forecast = async (...flags: readonly string[]) => {
      let printed = '';
      const write = (text: string) => {
        printed += text;
      };
      const at = new Date(end * 1000).toISOString();
      const query = 'sum(last_over_time(two_weeks[59s]))';
      const source = ['--prometheus', `${url}/prometheus`, '--query', query, '--range', '13d', '--at', at];
      const args = ['forecast', ...source, '--horizon', '1h', '--format', 'csv', ...flags];
      const exitCode = await runCli(args, { stdout: write, stderr: write, isTty: false, env: {} });
      return { exitCode, printed };
    };
    const { exitCode, printed } = await forecast('--tenant', tenant);
    expect(exitCode, printed).toBe(0);
    expect(printed.trim().split('\n').length).toBeGreaterThan(10);
    const without = await forecast();
    expect(without.exitCode).not.toBe(0);
    expect(without.printed).toMatch(/no tenant was sent: .*--tenant on the command line/);
  });

  it('is asked for shorter parts where it refuses the length of a range, until it gives all of it', async () => {
    const count = 14 * 24 * 60;
    const series = gauge(
      'long_range',
      minutes(count, (index) => index % 1440),
    );
    await push(url, series, limited);
    const own = openOf(url, limited);
    const range = { query: 'sum(last_over_time(long_range[59s]))', endSeconds: end, stepSeconds: 60 };
    const week = `query=long_range&start=${end - 7 * 86_400}&end=${end}&step=60`;
    const headers = { 'x-scope-orgid': limited };
    const refused = await fetch(`${url}/prometheus/api/v1/query_range?${week}`, { headers });
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('exceeds the limit'),
    ]);
    const history = await own.range({ ...range, startSeconds: end - 14 * 86_400 });
    expect(history.timestamps).toEqual(series.timestamps);
    expect(history.values).toEqual(series.values);
    await own.close();
  });

  it('says how a query that is too long was refused where no part is short enough', async () => {
    const own = openOf(url, limited);
    const query = 'max_over_time(long_range[7d])';
    await expect(own.instant({ query, atSeconds: end })).rejects.toMatchObject({
      code: 'source-rejected',
      message: expect.stringMatching(
        /refused the query: .*limit.*; that is more than the source allows at once/,
      ),
    });
    await own.close();
  });

  it('tells no tenant of another by the names of series', async () => {
    await push(url, gauge('secret', [[end, 1]], { customer: 'acme' }), 'checkout');
    expect(await source().vector?.({ query: '{customer=~".+"}', atSeconds: end })).toEqual([]);
  });
});
