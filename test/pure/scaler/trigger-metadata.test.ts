import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../src/history/http/limits.ts';
import { ForescaleError } from '../../../src/platform/errors.ts';
import {
  isOpenMetadata,
  keptMetadata,
  maxKeptBytes,
  parseTriggerMetadata,
} from '../../../src/scaler/trigger-metadata.ts';

const required = { query: 'sum(rate(app_requests_total[1m]))', threshold: '10' };

function faultsOf(metadata: Record<string, string>): ForescaleError {
  try {
    parseTriggerMetadata(metadata);
  } catch (error) {
    if (error instanceof ForescaleError) return error;
    throw error;
  }
  throw new Error('the metadata was accepted');
}

describe('parseTriggerMetadata', () => {
  it('needs only query and threshold, and fills in the documented defaults', () => {
    const { settings, warnings } = parseTriggerMetadata({ ...required, scalerAddress: 'forescale:6000' });
    expect(warnings).toEqual([]);
    expect(settings).toEqual({
      query: required.query,
      threshold: 10,
      address: undefined,
      activationThreshold: 0,
      concealed: [],
      historySeconds: 28 * 86_400,
      horizonSeconds: 7200,
      leadTimeSeconds: 'auto',
      peakWindowSeconds: undefined,
      stepSeconds: 60,
      serviceLevel: 0.99,
      hpaTolerance: 'auto',
      mode: 'active',
      seasonsSeconds: undefined,
      timeZone: undefined,
      unit: undefined,
      replicasQuery: undefined,
      capacityPerReplica: undefined,
      emptyIsZero: false,
      timeoutMs: undefined,
      namespaceParameter: undefined,
      customHeaders: {},
      queryParameters: {},
      calendars: [],
    });
  });

  it('takes a predictkube trigger as it is', () => {
    const { settings } = parseTriggerMetadata({
      prometheusAddress: 'http://prometheus:9090',
      query: 'sum(rate(http_requests_total[2m]))',
      queryStep: '2m',
      threshold: '2000',
      activationThreshold: '50',
      predictHorizon: '2h',
      historyTimeWindow: '7d',
      authModes: 'basic',
    });
    expect(settings).toMatchObject({
      address: 'http://prometheus:9090',
      stepSeconds: 120,
      threshold: 2000,
      activationThreshold: 50,
      horizonSeconds: 7200,
      historySeconds: 7 * 86_400,
    });
  });

  it('takes what demand is counted in as people write it, and nothing that could be markup', () => {
    for (const unit of ['requests/s', ' tokens/s ', 'm³/h', '%', 'Anfragen je Minute'])
      expect(parseTriggerMetadata({ ...required, unit }).settings.unit).toBe(unit.trim());
    for (const unit of ['', '<b>', 'a\nb', 'x'.repeat(25)])
      expect(faultsOf({ ...required, unit })).toMatchObject({ fieldErrors: [{ field: 'unit' }] });
  });

  it('names the key, the value and what is allowed', () => {
    const error = faultsOf({ ...required, threshold: 'ten' });
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toBe(
      'trigger metadata: threshold: "ten" is not allowed; use a number of at least 0.001, in the unit of the query; for a smaller one multiply both query and threshold by 1000',
    );
  });

  it('says that a missing threshold was probably misspelt', () => {
    const error = faultsOf({ query: 'up', thresold: '10' });
    expect(error.message).toContain(
      'threshold is required and missing; "thresold" is given: did you mean "threshold"?',
    );
  });

  it('reports every fault at once', () => {
    const error = faultsOf({
      threshold: '-1',
      predictHorizon: 'soon',
      mode: 'on',
      seasons: '7d,1d',
      queryStep: '2h',
    });
    expect(error.fieldErrors.map((fault) => fault.field).sort()).toEqual([
      'mode',
      'predictHorizon',
      'query',
      'queryStep',
      'seasons',
      'threshold',
    ]);
  });

  it.each(['0', '', 'NaN', 'Infinity', '-5', '1e400'])('refuses the threshold %j', (threshold) => {
    expect(faultsOf({ ...required, threshold }).fieldErrors[0]?.field).toBe('threshold');
  });

  it('warns about an unknown key, with the spelling that was probably meant, and goes on', () => {
    const { warnings } = parseTriggerMetadata({ ...required, predictHorizn: '1h', colour: 'red' });
    expect(warnings.map((warning) => warning.message)).toEqual([
      'colour is not a key of this trigger and is ignored',
      'predictHorizn is not a key of this trigger and is ignored; did you mean "predictHorizon"?',
    ]);
  });

  it('explains that metricType belongs beside the metadata', () => {
    const { warnings } = parseTriggerMetadata({ ...required, metricType: 'Value' });
    expect(warnings[0]?.message).toContain('metricType belongs beside');
  });

  it('says of a migrated key that it has no effect', () => {
    const { warnings } = parseTriggerMetadata({ ...required, authModes: 'bearer' });
    expect(warnings[0]?.message).toContain(
      'authModes has no effect: credentials of a source belong in a profile',
    );
  });

  it('takes any IANA zone, in which seasons are followed, and no other', () => {
    const { settings, warnings } = parseTriggerMetadata({ ...required, timeZone: ' Europe/Berlin ' });
    expect([settings.timeZone, warnings]).toEqual(['Europe/Berlin', []]);
    expect(faultsOf({ ...required, timeZone: 'Mitteleuropa' }).message).toContain(
      'timeZone: "Mitteleuropa" is not allowed; use an IANA time zone such as Europe/Berlin',
    );
  });

  it('reads a key from the environment under the name KEDA keeps, and lets the plain key win', () => {
    expect(parseTriggerMetadata({ ...required, predictHorizonFromEnv: '3h' }).settings.horizonSeconds).toBe(
      10_800,
    );
    const both = { ...required, predictHorizon: '1h', predictHorizonFromEnv: '3h' };
    expect(parseTriggerMetadata(both).settings.horizonSeconds).toBe(3600);
  });

  it.each([
    ['query', 'query'],
    ['replicasQuery', 'replicasQuery'],
    ['prometheusAddress', 'address'],
    ['serverAddress', 'address'],
  ] as const)(
    'takes %s from the environment of the pods, and says that it is not to be shown',
    (key, name) => {
      const metadata = { threshold: '1', ...(key === 'query' ? {} : required), [`${key}FromEnv`]: 'S3CRET' };
      const { settings } = parseTriggerMetadata(metadata);
      expect([settings[name], settings.concealed]).toEqual(['S3CRET', [name]]);
      expect(keptMetadata(metadata)).toBeUndefined();
      const both = parseTriggerMetadata({ ...metadata, [key]: 'plain' }).settings;
      expect([both[name], both.concealed]).toEqual(['plain', []]);
    },
  );

  it('turns a cost ratio into the service level that balances it', () => {
    expect(parseTriggerMetadata({ ...required, underProvisionCost: '19' }).settings.serviceLevel).toBeCloseTo(
      0.95,
    );
    expect(faultsOf({ ...required, underProvisionCost: '19', serviceLevel: '0.9' }).message).toContain(
      'twice',
    );
  });

  it.each(['0.0009', '1e-9', '0.0004'])(
    'refuses the threshold %j, which KEDA makes zero, and says what helps',
    (threshold) => {
      expect(faultsOf({ ...required, threshold }).message).toContain(
        'multiply both query and threshold by 1000',
      );
    },
  );

  it('warns of a threshold for which three decimals are coarse', () => {
    const warningsAt = (threshold: string) =>
      parseTriggerMetadata({ ...required, threshold }).warnings.map(({ field }) => field);
    expect(warningsAt('0.001')).toEqual(['threshold']);
    expect(warningsAt('0.099')).toEqual(['threshold']);
    expect(warningsAt('0.1')).toEqual([]);
  });

  it('never shows what KEDA resolved from the environment of a pod, nor headers, parameters and unknown keys', () => {
    const secret = 'S3CRET';
    const wrong = faultsOf({
      ...required,
      thresholdFromEnv: secret,
      leadTimeFromEnv: secret,
      customHeaders: `Authorization=Bearer ${secret},x`,
      queryParameters: `token=${secret},x`,
      seasonsFromEnv: secret,
    });
    expect(wrong.fieldErrors.length).toBeGreaterThan(2);
    expect(JSON.stringify([wrong.message, wrong.fieldErrors])).not.toContain(secret);
    const { warnings } = parseTriggerMetadata({
      ...required,
      passwordFromEnv: secret,
      bearerToken: secret,
      metricNameFromEnv: secret,
      authModesFromEnv: secret,
    });
    expect(warnings).toHaveLength(4);
    expect(JSON.stringify(warnings)).not.toContain(secret);
  });

  it('refuses a capacity below the threshold', () => {
    expect(faultsOf({ ...required, capacity: '5' }).fieldErrors[0]?.field).toBe('capacity');
  });

  it('needs a replicasQuery to know what the ready replicas can carry, and says so where it is missing', () => {
    const { settings, warnings } = parseTriggerMetadata({ ...required, capacity: '15' });
    expect(settings.capacityPerReplica).toBeUndefined();
    expect(warnings.map(({ field, message }) => [field, message.includes('without replicasQuery')])).toEqual([
      ['capacity', true],
    ]);
    const both = parseTriggerMetadata({ ...required, capacity: '15', replicasQuery: 'ready' });
    expect(both.settings).toMatchObject({ capacityPerReplica: 15, replicasQuery: 'ready' });
    expect(both.warnings).toEqual([]);
  });

  it('takes a finer step where a day is compressed into minutes, and refuses seasons shorter than 20 steps', () => {
    expect(parseTriggerMetadata({ ...required, seasons: '240s,1680s' }).settings).toMatchObject({
      stepSeconds: 1,
      seasonsSeconds: [240, 1680],
    });
    expect(faultsOf({ ...required, seasons: '10m', queryStep: '1m' }).fieldErrors[0]?.field).toBe('seasons');
  });

  it.each([
    ['historyTimeWindow', { historyTimeWindow: '400d', queryStep: '1s' }, 'a longer queryStep'],
    ['predictHorizon', { predictHorizon: '14d', seasons: '60s' }, 'at most 1h7m12s, or longer seasons'],
    ['seasons', { seasons: '20s,28d' }, 'a longer queryStep or shortest season'],
    ['seasons', { seasons: '50y' }, 'up to 28d'],
  ])('refuses a model that could not be held or kept up with: %s', (field, metadata, remedy) => {
    const { fieldErrors: faults } = faultsOf({ ...required, ...metadata });
    expect(faults.map((fault) => fault.field)).toEqual([field]);
    expect(faults[0]?.message).toContain(remedy);
  });

  it('looks ahead by default no farther than the shortest season', () => {
    expect(parseTriggerMetadata({ ...required, seasons: '240s,1680s' }).settings.horizonSeconds).toBe(240);
  });

  it('says what is wrong with a value of kilobytes in a line, and with metadata of thousands of keys at once', () => {
    const { message } = faultsOf({ query: 'up', threshold: 'x'.repeat(60_000) });
    expect(message.length).toBeLessThan(300);
    const flood = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 'v']));
    expect(faultsOf({ ...required, ...flood }).fieldErrors).toMatchObject([{ field: 'metadata' }]);
  });

  it('leads from keys of KEDA’s own scalers to what takes their place', () => {
    const { warnings } = parseTriggerMetadata({
      ...required,
      cortexOrgID: 'a',
      awsRegion: 'x',
      constructor: 'y',
    });
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^awsRegion is not .*signing proxy/),
      expect.stringMatching(/^constructor is not a key of this trigger and is ignored$/),
      expect.stringMatching(/^cortexOrgID is not .*tenant.*customHeaders/),
    ]);
  });

  it('reads keys that every object has as the unknown keys they are', () => {
    const { warnings } = parseTriggerMetadata({ ...required, constructor: 'x', toString: 'y', FromEnv: 'z' });
    expect(warnings.map(({ field }) => field)).toEqual(['FromEnv', 'constructor', 'toString']);
  });

  it('reads queryStep 0 as automatic, as predictkube does', () => {
    expect(parseTriggerMetadata({ ...required, queryStep: '0' }).settings.stepSeconds).toBe(60);
  });

  it.each(['15001', '20s', '60s', '30000', '1m'])(
    'refuses the timeout %s, within which no observation can be had, with the remedy',
    (timeout) => {
      expect(() => parseTriggerMetadata({ ...required, timeout })).toThrowError(
        expect.objectContaining({
          code: 'invalid-argument',
          message: expect.stringMatching(/timeout.*up to 15s.*recording rule/),
        }),
      );
      const longest = String(defaultLimits.instantTimeoutMs);
      expect(parseTriggerMetadata({ ...required, timeout: longest }).settings.timeoutMs).toBe(15_000);
    },
  );

  it('takes the timeout as milliseconds or as a duration', () => {
    expect(parseTriggerMetadata({ ...required, timeout: '3000' }).settings.timeoutMs).toBe(3000);
    expect(parseTriggerMetadata({ ...required, timeout: '5s' }).settings.timeoutMs).toBe(5000);
  });

  it('reads headers and parameters as pairs', () => {
    const { settings } = parseTriggerMetadata({
      ...required,
      customHeaders: 'X-A=1, X-B=a=b',
      queryParameters: 'team=x',
    });
    expect(settings.customHeaders).toEqual({ 'X-A': '1', 'X-B': 'a=b' });
    expect(settings.queryParameters).toEqual({ team: 'x' });
  });

  it('refuses more than is kept for each workload, and says which key is too long', () => {
    const longest = { ...required, query: 'q'.repeat(maxKeptBytes - 2) };
    expect(required.threshold).toHaveLength(2);
    expect(parseTriggerMetadata(longest).settings.query).toHaveLength(maxKeptBytes - 2);
    for (const more of [{ threshold: '100' }, { thresholdFromEnv: '1' }, { serverAddress: 'x' }]) {
      expect(() => parseTriggerMetadata({ ...longest, ...more })).toThrowError(
        /query: 16382 bytes are too many; all keys together have at most 16384, .*recording rule/,
      );
    }
    // What decides nothing is not kept.
    expect(parseTriggerMetadata({ ...longest, comment: 'x'.repeat(30_000) }).warnings).toHaveLength(1);
  });

  it('is open to everybody only where no text of it may be a secret', () => {
    expect(isOpenMetadata({ ...required, prometheusAddress: 'https://prometheus:9090/tenant' })).toBe(true);
    expect(isOpenMetadata({ ...required, customHeaders: 'X-Key=secret' })).toBe(false);
    for (const address of [
      'http://user:secret@host',
      'http://user:secret%40host',
      'http://user:secret＠host',
      'http://host/api?key=secret',
      'http://host/#secret',
    ]) {
      expect(isOpenMetadata({ ...required, serverAddress: address }), address).toBe(false);
    }
  });
});
