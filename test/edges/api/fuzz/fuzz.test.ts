import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiApp } from '../../../../src/api/app.ts';
import type { ApiInstance } from '../../../../src/api/instance.ts';
import { decisions } from '../../../pure/scaler/record/some-decisions.ts';
import { randomRuns } from '../../../support/random-runs.ts';
import { apiOptions, directoryOf, goodOutcome, modelOf, pastDays, taught, workloadOf } from '../fixture.ts';
import { recordOf, startSeconds } from '../record-fixture.ts';
import { withoutReferences } from '../references.ts';
import { type FuzzedDocument, fuzzedRequest } from './fuzz-requests.ts';

let app: ApiInstance;
let document: FuzzedDocument;
beforeAll(async () => {
  const forecaster = taught(9);
  // What it costs to make a forecast of the past is not what is tried here.
  const model = modelOf(forecaster, { forecastOfPast: async (request) => forecaster.forecast(request) });
  const unlearned = modelOf(taught(0));
  app = await createApiApp(
    apiOptions({
      directory: directoryOf([
        workloadOf(model, { outcome: () => goodOutcome }),
        workloadOf(model, { name: 'cart', trigger: 'first', unit: undefined }),
        workloadOf(model, { name: 'cart', trigger: 'second', mode: 'reactive' }),
        workloadOf(unlearned, { namespace: 'new', name: 'born', decision: () => undefined }),
      ]),
      record: recordOf(decisions(300, startSeconds)),
      adHoc: { history: async () => pastDays(3) },
      modeSwitch: { mode: () => 'active', setMode: async () => undefined },
      async *knownLines() {
        yield '{}\n';
      },
    }),
  );
  document = (await app.inject('/openapi.json')).json();
});
afterAll(() => app.close());

it('answers any request as its document says, or says what is wrong, and never fails', async () => {
  const checks = new Map<string, { Check(answer: unknown): boolean }>();
  const isPromised = (path: string, method: string, answer: unknown) => {
    const key = `${method} ${path}`;
    const { responses } = document.paths[path]?.[method] ?? {};
    const schema = responses?.['200']?.content?.['application/json']?.schema ?? {};
    const check = checks.get(key) ?? Compile(withoutReferences(schema, document.components.schemas));
    checks.set(key, check);
    return check.Check(answer);
  };
  const seen = new Map<number, number>();
  const answered = fc.asyncProperty(fuzzedRequest(document), async ({ path, request }) => {
    const { statusCode, headers, body } = await app.inject(request);
    seen.set(statusCode, (seen.get(statusCode) ?? 0) + 1);
    const type = String(headers['content-type'] ?? '');
    // Who allows a query a moment only gets what Prometheus gives then.
    const isOwnTimeout =
      statusCode === 503 && /[?&]timeout=/.test(String(request.url)) && body.includes('timed out');
    expect(isOwnTimeout ? 200 : statusCode, body).toBeLessThan(500);
    if (statusCode >= 400) {
      expect(type).toMatch(
        path.startsWith('/prometheus') ? /^application\/json/ : /^application\/problem\+json/,
      );
    }
    if (statusCode === 200 && type.startsWith('application/json')) {
      const method = String(request.method).toLowerCase();
      expect(isPromised(path, method, JSON.parse(body)), body.slice(0, 500)).toBe(true);
    }
  });
  await fc.assert(answered, randomRuns('FORESCALE_REQUESTS', 2_000));
  // The requests were not all refused, nor all found.
  expect((seen.get(200) ?? 0) / [...seen.values()].reduce((sum, count) => sum + count)).toBeGreaterThan(0.3);
  expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 304, 400, 404, 422]));
});
