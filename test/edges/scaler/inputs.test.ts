import { status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForescaleError } from '../../../src/platform/errors.ts';
import { silentLogger } from '../../../src/platform/log.ts';
import { ExternalScaler, type ScaledObjectRef } from '../../../src/platform/protocol/external-scaler.ts';
import { createScalerService, createWorkloads, triggerKeys } from '../../../src/scaler/index.ts';
import { parseTriggerMetadata } from '../../../src/scaler/trigger-metadata.ts';
import { readTiming, workloadDefaults } from '../../../src/server/timing.ts';
import { createFakeModels } from '../../edges/scaler/fake-models.ts';
import { randomRuns } from '../../support/random-runs.ts';
import { askService, askSpec } from './no-harm/ask.ts';

const runs = randomRuns('FORESCALE_INPUTS', 2_000);
const patience = { timeout: 900_000 };

const names = Object.entries(triggerKeys).map(([name, key]) => ('name' in key ? key.name : name));
const oddNames = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  'thresold',
  'Threshold',
  'scalerAddress',
];
const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...names) },
  fc.constantFrom(...names).map((name) => `${name}FromEnv`),
  fc.constantFrom(...oddNames),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const value = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '10',
    '-1',
    '1e308',
    '1e999',
    'NaN',
    'Infinity',
    '0x10',
    '1,5',
    'true',
    'auto',
    '28d',
    '1h30m',
    '9'.repeat(400),
  ),
  fc.constantFrom(
    '1d,7d',
    '1d,',
    'a=b',
    'a=b,c',
    '=',
    'Europe/Berlin',
    'Mars/Olympus',
    '../../etc/passwd',
    '\0',
    '\ud800',
    '\u202e',
  ),
  fc.double().map(String),
  fc
    .tuple(fc.double(), fc.constantFrom('ms', 's', 'm', 'h', 'd', 'w', 'y'))
    .map(([n, unit]) => `${n}${unit}`),
  fc.string({ unit: 'binary', maxLength: 80 }),
);
const wild = fc.dictionary(key, value, { maxKeys: 12, noNullPrototype: false });
/** Most wild metadata is refused at once; these have what a trigger needs, and one or two things that are odd. */
const metadata = fc.oneof(
  wild,
  fc
    .dictionary(key, value, { maxKeys: 2 })
    .map((odd) => ({ query: 'sum(rate(x[1m]))', threshold: '10', ...odd })),
);

describe('metadata of anybody', () => {
  it(
    `becomes settings that can be calculated with, or an error that names a key: ${runs.numRuns} of them`,
    patience,
    () => {
      let taken = 0;
      let refused = 0;
      fc.assert(
        fc.property(metadata, (given) => {
          const before = JSON.stringify(given);
          try {
            const { settings, warnings } = parseTriggerMetadata(given);
            taken++;
            for (const number of Object.values(settings).filter((one) => typeof one === 'number')) {
              expect(Number.isFinite(number) && number >= 0).toBe(true);
            }
            expect(settings.threshold).toBeGreaterThan(0);
            expect(settings.stepSeconds).toBeGreaterThanOrEqual(1);
            for (const { message } of warnings) expect(message.length).toBeGreaterThan(10);
          } catch (error) {
            refused++;
            if (!(error instanceof ForescaleError)) throw error;
            expect(error.code).toBe('invalid-argument');
            expect(error.fieldErrors.length).toBeGreaterThan(0);
            for (const { message } of error.fieldErrors) expect(message.length).toBeGreaterThan(10);
            expect(error.message.length).toBeLessThan(20_000);
          }
          expect(JSON.stringify(given)).toBe(before);
        }),
        runs,
      );
      expect(Math.min(taken, refused)).toBeGreaterThan(runs.numRuns / 20);
    },
  );
});

const { requestSerialize, requestDeserialize } = ExternalScaler.service.GetMetrics;
const reference: fc.Arbitrary<ScaledObjectRef> = fc.record(
  {
    name: fc.oneof(fc.constantFrom('web', 'api', ''), fc.string({ unit: 'binary', maxLength: 300 })),
    namespace: fc.oneof(fc.constantFrom('shop', ''), fc.string({ unit: 'binary', maxLength: 20 })),
    scalerMetadata: metadata,
  },
  { requiredKeys: [] },
);
const request = fc.record(
  {
    scaledObjectRef: reference,
    metricName: fc.oneof(fc.constant('forescale-demand'), fc.string({ unit: 'binary' })),
  },
  { requiredKeys: [] },
);
/** Requests as they are sent, with bytes changed and cut off, and bytes that never were one. */
const bytes = fc.oneof(
  request.map((one) => Buffer.from(requestSerialize(one))),
  fc
    .tuple(request, fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }), fc.nat(400))
    .map(([one, changes, length]) => {
      const frame = Buffer.from(requestSerialize(one));
      for (const [at, byte] of changes) if (at < frame.length) frame[at] = byte;
      return length < 300 ? frame.subarray(0, length) : frame;
    }),
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
);

describe('requests of anybody', () => {
  it(
    `are answered or refused, and change nothing for others: ${runs.numRuns} of them`,
    patience,
    async () => {
      const models = createFakeModels();
      models.observed = { value: 42, atSeconds: 0 };
      const clock = () => 0;
      const workloads = createWorkloads({
        models,
        defaults: workloadDefaults(readTiming()),
        maxWorkloads: 200,
        maxPerNamespace: 100,
        forgetAfterSeconds: 86_400,
        clock,
        monotonic: clock,
        log: silentLogger,
        isForcedReactive: () => false,
      });
      const { handlers } = createScalerService({
        workloads,
        log: silentLogger,
        onRpc() {},
        monotonic: clock,
      });
      const good = {
        namespace: 'good',
        name: 'web',
        scalerMetadata: { query: 'x', threshold: '10', hpaTolerance: '0' },
      };
      const expected = await askService(handlers, good);
      expect(expected.metrics).toMatchObject({
        kind: 'ok',
        answer: { metricValues: [{ metricValueFloat: 42 }] },
      });
      const seen = new Map<string, number>();
      const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);

      await fc.assert(
        fc.asyncProperty(bytes, async (frame) => {
          let asked: ReturnType<typeof requestDeserialize>;
          try {
            asked = requestDeserialize(frame);
          } catch {
            // The gRPC server then refuses the one call.
            return void count('not decoded');
          }
          const ref = asked.scaledObjectRef ?? undefined;
          const answers = {
            ...(await askService(handlers, ref as never)),
            spec: await askSpec(handlers, ref as never),
          };
          for (const answer of Object.values(answers)) {
            if (answer.kind === 'error') expect(answer.code, answer.details).not.toBe(status.INTERNAL);
            count(answer.kind === 'ok' ? 'OK' : (status[answer.code] ?? ''));
          }
          expect(await askService(handlers, good)).toEqual(expected);
        }),
        runs,
      );
      for (const what of ['not decoded', 'OK', 'INVALID_ARGUMENT']) {
        expect(seen.get(what), JSON.stringify([...seen])).toBeGreaterThan(runs.numRuns / 100);
      }
    },
  );
});
