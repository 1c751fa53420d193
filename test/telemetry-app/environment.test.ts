import { describe, expect, it } from 'vitest';
import { ForescaleError } from '../../src/platform/errors.ts';
import { misspeltVariables, readEnvironment, settings } from '../../src/telemetry-app/environment.ts';

function faultsOf(variables: Record<string, string>): ForescaleError['faults'] {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof ForescaleError) return error.faults;
    throw error;
  }
  return [];
}

describe('the environment', () => {
  it('has a default for everything but the destinations, the seed and the collector', () => {
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
  ])('refuses %s=%s', (variable, value) => {
    expect(faultsOf({ [variable]: value }).map((fault) => fault.field)).toEqual([variable]);
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
