import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ForescaleError } from '../../../src/platform/errors.ts';
import { misspeltVariables, readEnvironment, settings } from '../../../src/telemetry-app/environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'telemetry-app-'));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 'token-in-a-file-0123\n');
afterAll(() => rmSync(folder, { recursive: true }));

function faultsOf(variables: Record<string, string>): ForescaleError['fieldErrors'] {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof ForescaleError) return error.fieldErrors;
    throw error;
  }
  return [];
}

describe('the environment', () => {
  it('has a default for everything that cannot be absent', () => {
    expect(readEnvironment({})).toEqual({
      name: 'telemetry-app',
      host: '0.0.0.0',
      port: 8000,
      destinations: undefined,
      callMode: 'sequential',
      upstreamFailure: 'fail',
      errorPercent: 0,
      maxLatencyMs: 0,
      seed: undefined,
      timeoutMs: 5000,
      latencyDistribution: undefined,
      errorKinds: [{ failure: { kind: 'status', status: 500 }, weight: 1 }],
      errorDelayMs: 3000,
      cpuMs: 0,
      memoryMib: 0,
      faultHeaders: 'off',
      adminToken: undefined,
      adminTokenFromFile: undefined,
      capacityRps: undefined,
      capacityConcurrency: undefined,
      queueLimit: undefined,
      queueTimeoutMs: 2000,
      readyDelaySeconds: 0,
      warmUpSeconds: 0,
      warmUpFactor: 0.3,
      drainSeconds: 5,
      historicalPeak: 100,
      otlpEndpoint: undefined,
      logLevel: 'info',
    });
  });

  it('reads what is set, and takes an empty variable for one that is not', () => {
    const variables = {
      APP_NAME: ' b ',
      APP_ERRORS: '12.5',
      APP_LATENCY: '250',
      APP_SEED: '0',
      APP_PORT: '',
    };
    expect(readEnvironment(variables)).toMatchObject({
      name: 'b',
      errorPercent: 12.5,
      maxLatencyMs: 250,
      seed: 0,
      port: 8000,
    });
  });

  it.each([
    ['http://b:8000', 'http://b:8000/process'],
    ['http://b:8000/', 'http://b:8000/process'],
    ['https://b.example/chain', 'https://b.example/chain'],
    ['http://[::1]:8000?hop=1', 'http://[::1]:8000/process?hop=1'],
  ])('makes of the destination %s %s', (given, destination) => {
    expect(readEnvironment({ APP_URL_DESTINO: given })).toMatchObject({ destinations: [destination] });
  });

  it('takes several destinations, the same one twice too', () => {
    expect(
      readEnvironment({ APP_URL_DESTINO: 'http://b:8000, http://c:8000/in?x=1,http://b:8000' }),
    ).toMatchObject({
      destinations: ['http://b:8000/process', 'http://c:8000/in?x=1', 'http://b:8000/process'],
    });
    const sixteen = new Array(16).fill('http://b').join(',');
    expect(readEnvironment({ APP_URL_DESTINO: sixteen }).destinations).toHaveLength(16);
    expect(faultsOf({ APP_URL_DESTINO: `${sixteen},http://b` })).toHaveLength(1);
  });

  it('names every bad value at once, with what is allowed', () => {
    const faults = faultsOf({
      APP_ERRORS: '200',
      APP_LATENCY: 'abc',
      APP_URL_DESTINO: 'nonsense',
      APP_NAME: 'fine',
    });
    expect(faults.map(({ field, value }) => [field, value])).toEqual([
      ['APP_URL_DESTINO', 'nonsense'],
      ['APP_ERRORS', '200'],
      ['APP_LATENCY', 'abc'],
    ]);
    expect(faults[1]?.message).toBe('APP_ERRORS is "200" but must be a number from 0 to 100');
  });

  it.each([
    ['APP_ERRORS', '-1'],
    ['APP_ERRORS', '20%'],
    ['APP_ERRORS', 'NaN'],
    ['APP_LATENCY', 'Infinity'],
    ['APP_LATENCY', '50ms'],
    ['APP_PORT', '65536'],
    ['APP_PORT', '80.5'],
    ['APP_PORT', 'tcp://10.0.0.1:8000'],
    ['APP_HOST', 'http://localhost'],
    ['APP_SEED', '-3'],
    ['APP_TIMEOUT_MS', '0'],
    ['APP_DRAIN_SECONDS', 'five'],
    ['APP_LOG_LEVEL', 'loud'],
    ['APP_NAME', 'x'.repeat(101)],
    ['APP_NAME', 'a\nb'],
    ['APP_URL_DESTINO', 'b:8000'],
    ['APP_URL_DESTINO', 'ftp://b'],
    ['APP_URL_DESTINO', 'http://b,'],
    ['APP_URL_DESTINO', 'http://b,c'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://collector:4317'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://me:secret@collector:4318'],
    ['APP_URL_DESTINO', 'http://:secret@b'],
    ['APP_CALLS', 'both'],
    ['APP_UPSTREAM_FAILURE', 'ignore'],
    ['APP_URL_DESTINO', 'http://me:secret@b'],
    ['APP_HISTORICAL_PEAK', '-5'],
    ['APP_LATENCY_DISTRIBUTION', '20'],
    ['APP_ERROR_KINDS', '200'],
    ['APP_ERROR_DELAY_MS', '-1'],
    ['APP_CPU_MS', '10001'],
    ['APP_MEMORY_MIB', '2048'],
    ['APP_FAULT_HEADERS', 'yes'],
    ['APP_ADMIN_TOKEN_FILE', '/no/such/file'],
    ['APP_CAPACITY_RPS', '0'],
    ['APP_CAPACITY_CONCURRENCY', '1.5'],
    ['APP_READY_DELAY_SECONDS', '-1'],
  ])('refuses %s=%s', (variable, value) => {
    expect(faultsOf({ [variable]: value }).map((fault) => fault.field)).toEqual([variable]);
  });

  it.each([
    ['APP_QUEUE_LIMIT', '5', 'APP_CAPACITY_RPS or APP_CAPACITY_CONCURRENCY'],
    ['APP_QUEUE_TIMEOUT_MS', '500', 'APP_CAPACITY_RPS or APP_CAPACITY_CONCURRENCY'],
    ['APP_WARM_UP_SECONDS', '5', 'APP_CAPACITY_RPS or APP_CAPACITY_CONCURRENCY'],
    ['APP_WARM_UP_FACTOR', '0.5', 'APP_WARM_UP_SECONDS'],
  ])('refuses %s=%s where it would do nothing', (variable, value, without) => {
    expect(faultsOf({ [variable]: value, APP_ERRORS: '200' })).toEqual([
      expect.objectContaining({ field: 'APP_ERRORS' }),
      {
        field: variable,
        value,
        message: `${variable} is "${value}" but does nothing without ${without}: set that too, or unset it`,
      },
    ]);
    const enough = { APP_CAPACITY_CONCURRENCY: '3', APP_WARM_UP_SECONDS: '5' };
    expect(faultsOf({ ...enough, [variable]: value })).toEqual([]);
  });

  it.each([
    ['APP_LATENCY', '50', 'APP_LATENCY_DISTRIBUTION', 'fixed:20'],
    ['APP_ADMIN_TOKEN_FILE', tokenFile, 'APP_ADMIN_TOKEN', 'another-token-0123'],
  ])('refuses %s=%s together with %s=%s', (variable, value, other, otherValue) => {
    expect(faultsOf({ [variable]: value })).toEqual([]);
    expect(faultsOf({ [variable]: value, [other]: otherValue })).toEqual([
      {
        field: variable,
        value,
        message: `${variable} is "${value}" but ${other} is set too: unset one of them`,
      },
    ]);
  });

  it('reads the admin token from its file', () => {
    expect(readEnvironment({ APP_ADMIN_TOKEN_FILE: tokenFile }).adminTokenFromFile).toBe(
      'token-in-a-file-0123',
    );
  });

  it('never shows a token, not even one that is refused', () => {
    const faults = faultsOf({ APP_ADMIN_TOKEN: 'too-short' });
    expect(faults.map(({ field }) => field)).toEqual(['APP_ADMIN_TOKEN']);
    expect(JSON.stringify(faults)).not.toContain('too-short');
  });

  it('is declared with a meaning, what is allowed, and a default that is allowed', () => {
    for (const setting of Object.values(settings)) {
      expect(setting.meaning.length).toBeGreaterThan(10);
      expect(setting.allowed.length).toBeGreaterThan(10);
      if ('default' in setting) expect(setting.parse(setting.default)).toBeDefined();
    }
  });

  it('knows which variable a misspelt one was meant to be, and leaves those of others alone', () => {
    expect(
      misspeltVariables({ APP_ERROR: '5', APP_ERRORS: '5', APP_SOMETHING_ELSE: '1', PATH: '/bin' }),
    ).toEqual([{ variable: 'APP_ERROR', didYouMean: 'APP_ERRORS' }]);
  });
});
