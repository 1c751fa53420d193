import { afterEach, describe, expect, it } from 'vitest';
import type { SourcesConfiguration } from '../../../src/history/configuration-errors.ts';
import { ProfileSchema } from '../../../src/history/profile-schema.ts';
import { createSources, type Sources } from '../../../src/history/profiles.ts';
import { ForescaleError } from '../../../src/platform/errors.ts';
import { parseWithSchema } from '../../../src/platform/schema/schema-errors.ts';
import { fromEnvironment } from '../../../src/platform/secrets/from-environment.ts';
import { type FakeApi, json, oneSample, startFakeApi } from './prometheus/fake-api.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

function thrownBy(call: () => unknown): unknown {
  try {
    return call();
  } catch (thrown) {
    return thrown;
  }
}

function sources(options: Partial<SourcesConfiguration>): Sources {
  const made = createSources({ defaultUrl: undefined, profiles: [], allowedAddresses: [], ...options });
  opened.push(() => made.close());
  return made;
}

async function fakeApi(): Promise<FakeApi> {
  const api = await startFakeApi(oneSample);
  opened.push(() => api.close());
  return api;
}

const team = {
  name: 'team',
  url: 'http://mimir:8080/prometheus',
  tenant: 'team',
  namespaces: ['shop', 'pay'],
};
const open = { name: 'open', url: 'http://prometheus:9090' };

describe('a trigger that names no address', () => {
  it('gets the default source, by its address or by the profile that has it', () => {
    expect(sources({ defaultUrl: 'http://u:p@prometheus:9090/' }).resolve({ namespace: 'x' }).name).toBe(
      'http://prometheus:9090',
    );
    expect(
      sources({ defaultUrl: 'http://prometheus:9090', profiles: [open] }).resolve({ namespace: 'x' }).name,
    ).toBe('open');
  });

  it('gets the profile called default, or the only one', () => {
    const other = { name: 'default', url: 'http://other:9090' };
    expect(sources({ profiles: [open, other] }).resolve({ namespace: 'x', address: '' }).name).toBe(
      'default',
    );
    expect(sources({ profiles: [open] }).resolve({ namespace: 'x' }).name).toBe('open');
  });

  it('gets an error that says what to set when there is none', () => {
    expect(() => sources({ profiles: [open, team] }).resolve({ namespace: 'x' })).toThrowError(
      expect.objectContaining({
        code: 'invalid-argument',
        message: expect.stringMatching(/prometheusAddress.*--prometheus-url/),
      }),
    );
  });
});

describe('a trigger that names a profile or an address', () => {
  it('gets it, opened once', async () => {
    const api = await fakeApi();
    const profile = { ...team, url: `${api.url}/prometheus` };
    const all = sources({ profiles: [open, profile], allowedAddresses: ['http://vm:8481/select/'] });
    const byName = all.resolve({ address: 'team', namespace: 'shop' });
    const byUrl = all.resolve({ address: `${api.url}/prometheus/`, namespace: 'pay' });
    expect([byName.name, byUrl.name]).toEqual(['team', 'team']);
    await byName.source.instant({ query: 'x', atSeconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await byUrl.source.instant({ query: 'x', atSeconds: 1 });
    // They share the connection, which is idle by then; two sources would have two.
    expect(api.connections()).toBe(1);
    expect(all.resolve({ address: 'http://VM:8481/select/0/prometheus', namespace: 'x' }).name).toBe(
      'http://vm:8481/select/0/prometheus',
    );
  });

  it.each([
    ['team', 'other', /namespace "other" may not use the profile "team"/],
    ['http://mimir:8080/prometheus', 'other', /that of the profile "team".*"other"/],
    ['http://mimir:8080/prometheus/../admin', 'shop', /allowedAddresses/],
    ['http://elsewhere:9090', 'shop', /"http:\/\/elsewhere:9090".*allowedAddresses/],
    ['nobody', 'shop', /"nobody"/],
  ])('is refused %s in the namespace %s, with the value and the remedy', (address, namespace, message) => {
    expect(() => sources({ profiles: [open, team] }).resolve({ address, namespace })).toThrowError(
      expect.objectContaining({ code: 'address-not-allowed', message: expect.stringMatching(message) }),
    );
  });

  it('never reads its own password in a message', () => {
    expect(() =>
      sources({ profiles: [open] }).resolve({ address: 'http://me:s3cret@prometheus:9090', namespace: 'x' }),
    ).toThrowError(
      expect.objectContaining({
        code: 'address-not-allowed',
        message: expect.not.stringContaining('s3cret'),
      }),
    );
  });
});

describe('a trigger that takes its address or a query from the environment of pods', () => {
  const concealedIn = (error: unknown, ...secrets: readonly string[]) => {
    expect(error).toBeInstanceOf(ForescaleError);
    const { message, fieldErrors, cause } = error as ForescaleError;
    const text = JSON.stringify([message, fieldErrors, String(cause)]);
    for (const secret of secrets) expect(text).not.toContain(secret);
    return error as ForescaleError;
  };

  it('gets its source under a stand-in for the name', () => {
    const wish = { address: 'team', namespace: 'shop' } as const;
    expect(sources({ profiles: [team] }).resolve({ ...wish, concealed: 'address' }).name).toBe(
      fromEnvironment,
    );
    expect(sources({ profiles: [team] }).resolve({ ...wish, concealed: 'words' }).name).toBe('team');
  });

  it.each([
    ['team', 'address-not-allowed'],
    ['http://mimir:8080/prometheus', 'address-not-allowed'],
    ['nobody', 'address-not-allowed'],
    ['open', 'invalid-argument'],
  ])('is told why it gets no %s by the code alone', (address, code) => {
    const wish = { address, namespace: 'other', headers: { 'x-a': 'b' } };
    const all = sources({ profiles: [open, team] });
    const told = thrownBy(() => all.resolve({ ...wish, concealed: 'address' }));
    expect(concealedIn(told, address, 'team', 'open').code).toBe(code);
    expect(String(thrownBy(() => all.resolve({ ...wish, concealed: 'words' })))).toContain(address);
  });

  it('gets neither the words of the source nor its address in an error or a warning', async () => {
    const api = await startFakeApi(({ url, form }, response) => {
      const said = form.get('query');
      if (url.endsWith('query')) return json(response, { status: 'error', error: said }, 429);
      const data = { resultType: 'matrix', result: [] };
      return json(response, { status: 'success', data, warnings: [said] });
    });
    opened.push(() => api.close());
    const { source } = sources({ defaultUrl: api.url }).resolve({ namespace: 'shop', concealed: 'words' });
    const error = await source.instant({ query: 'secret_query', atSeconds: 1 }).catch((thrown) => thrown);
    const { code, retryAfterSeconds } = concealedIn(error, 'secret', api.url);
    expect([code, retryAfterSeconds]).toEqual(['source-unreachable', 0]);
    const span = { startSeconds: 0, endSeconds: 60, stepSeconds: 60 };
    const { warnings } = await source.range({ query: 'secret_query', ...span });
    expect(warnings).toEqual([expect.stringMatching(/^the source warns; .*environment/)]);
  });

  it('is left alone with the reason of its own abort', async () => {
    const api = await fakeApi();
    const { source } = sources({ defaultUrl: api.url }).resolve({ namespace: 'shop', concealed: 'words' });
    const reason = new Error('nobody waits any more');
    const asked = source.instant({ query: 'x', atSeconds: 1, signal: AbortSignal.abort(reason) });
    await expect(asked).rejects.toBe(reason);
  });
});

describe('headers and parameters of a trigger', () => {
  it('reach the source where the profile allows them', async () => {
    const api = await fakeApi();
    const profile = { name: 'p', url: api.url, allowHeaders: ['X-Team'], allowQueryParameters: ['dedup'] };
    const { source } = sources({ profiles: [profile] }).resolve({
      namespace: 'shop',
      headers: { 'x-team': 'a' },
      parameters: { dedup: 'true', namespace: 'shop' },
    });
    await source.instant({ query: 'x', atSeconds: 1 });
    expect(api.requests[0]?.headers['x-team']).toBe('a');
    expect(api.requests[0]?.url).toBe('/api/v1/query?dedup=true&namespace=shop');
  });

  it('are refused otherwise, all at once: they could open the data of others', () => {
    const wish = {
      namespace: 'shop',
      headers: { 'X-Scope-OrgID': 'other', Authorization: 'Bearer x' },
      parameters: { namespace: 'kube-system', dedup: 'false' },
    };
    expect(() => sources({ profiles: [open] }).resolve(wish)).toThrowError(
      expect.objectContaining({
        code: 'invalid-argument',
        fieldErrors: ['customHeaders', 'queryParameters', 'namespace'].map((field) =>
          expect.objectContaining({ field }),
        ),
      }),
    );
  });
});

describe('the configuration of profiles', () => {
  it('is checked as a whole, with every error named', () => {
    const profiles = [
      { name: 'a', url: 'prometheus:9090' },
      {
        name: 'a',
        url: 'http://u:p@x',
        bearerTokenFile: 't',
        basicAuth: { username: 'u', passwordFile: 'f' },
      },
      { name: 'b', url: 'http://x', tls: { certFile: 'c' } },
    ];
    expect(() =>
      sources({ profiles, allowedAddresses: ['http://ok', 'http://x/%2e'], defaultUrl: 'nonsense' }),
    ).toThrowError(
      expect.objectContaining({
        code: 'invalid-argument',
        fieldErrors: [
          'profiles[0].url',
          'profiles[1].url',
          'profiles[1].basicAuth',
          'profiles[2].tls',
          'profiles[1].name',
          'allowedAddresses[1]',
          'prometheusUrl',
        ].map((field) => expect.objectContaining({ field })),
      }),
    );
  });

  it('opens each profile by its kind', async () => {
    const api = await startFakeApi((_, response) =>
      json(response, { results: [{ series: [{ columns: ['time', 'sum'], values: [[940_000, 5]] }] }] }),
    );
    opened.push(() => api.close());
    const influx = { name: 'influx', kind: 'influxdb', url: api.url, database: 'd' } as const;
    const { source } = sources({ profiles: [open, influx] }).resolve({
      address: 'influx',
      namespace: 'shop',
    });
    const query = 'SELECT sum(x) FROM y WHERE $timeFilter GROUP BY time($__interval)';
    expect(await source.instant({ query, atSeconds: 1000 })).toMatchObject({ kind: 'value', value: 5 });
  });

  it.each([
    [{ kind: 'influxdb', url: 'http://x' }, 'database is required and missing'],
    [{ kind: 'influxdb', url: 'http://x', database: 'd', tenant: 't' }, 'tenant is not known here'],
    [{ kind: 'influxdb', url: 'http://x', database: 'd', instantWindow: '0s' }, 'instantWindow: "0s"'],
    [{ url: 'http://x', database: 'd' }, 'database is not known here'],
    [{ kind: 'graphite', url: 'http://x' }, 'kind: "graphite" must be one of "prometheus", "influxdb"'],
  ])('has the settings of its kind alone: %j', (given, message) => {
    expect(() => parseWithSchema('profile', ProfileSchema, { name: 'p', ...given })).toThrowError(
      expect.objectContaining({
        fieldErrors: [expect.objectContaining({ message: expect.stringContaining(message) })],
      }),
    );
  });

  it('has a schema that knows every setting and no other', () => {
    const whole = {
      ...team,
      tls: { caFile: 'ca' },
      unsafeSsl: true,
      headers: { a: 'b' },
      allowHeaders: ['X-A'],
      allowQueryParameters: ['dedup'],
    };
    expect(parseWithSchema('profile', ProfileSchema, whole)).toEqual(whole);
    expect(() => parseWithSchema('profile', ProfileSchema, { ...open, bearerTokenFiel: 'x' })).toThrowError(
      /bearerTokenFiel.*did you mean "bearerTokenFile"/,
    );
  });
});
