import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { openPrometheus } from '../../../../src/history/prometheus/prometheus.ts';
import type { HistorySource } from '../../../../src/history/source.ts';
import { toForescaleError } from '../../../../src/platform/errors.ts';
import { randomRuns } from '../../../support/random-runs.ts';
import { startFakeApi } from '../prometheus/fake-api.ts';
import { type Behaviour, fakeEvaluator } from './fake-evaluator.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 12, arbitrary: fc.double().map((value) => ({ kind: 'value', text: String(value) }) as const) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('NaN', '+Inf', '-0', 'nonsense')
      .map((text) => ({ kind: 'value', text }) as const),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('empty', 'several', 'histogram', 'partial').map((kind) => ({ kind }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(400, 422, 500).map((status) => ({ kind: 'status', status }) as const),
  },
);

/** Twelve queries of which some differ by one label alone, and what each does in four rounds. */
const queries = ['a', 'b', 'c.d', 'e'].flatMap((app) => [
  `sum(rate(m{app="${app}"}[2m]))`,
  `max(depth{app="${app}",pod!="x"})`,
  `sum(m{app="${app}"}) / 2`,
]);
const rounds = fc.array(fc.array(behaviour, { minLength: queries.length, maxLength: queries.length }), {
  minLength: 4,
  maxLength: 4,
});

async function endings(read: (query: string) => Promise<unknown>): Promise<unknown[]> {
  return Promise.all(
    queries.map((query) =>
      read(query).catch((thrown) => {
        const { code, message } = toForescaleError(thrown);
        return { code, message };
      }),
    ),
  );
}

it('gives every query the answer or the failure that it has alone, whatever the others do', async () => {
  let now: readonly Behaviour[] = [];
  const api = await startFakeApi(fakeEvaluator((query) => now[queries.indexOf(query)] ?? { kind: 'empty' }));
  opened.push(() => api.close());
  const limits = { retries: 0, backoffMs: 0 };
  const alone = openPrometheus({ url: api.url, jointQueries: 'off' }, { limits });
  opened.push(() => alone.close());
  let sent = 0;
  let askedAlone = 0;
  const readers = (source: HistorySource) => [
    (query: string) => source.instant({ query, atSeconds: 1_000 }),
    (query: string) => source.range({ query, startSeconds: 960, endSeconds: 960, stepSeconds: 60 }),
  ];
  const check = async (played: readonly (readonly Behaviour[])[]) => {
    const joint = openPrometheus({ url: api.url }, { limits });
    for (const behaviours of played) {
      now = behaviours;
      const failing = behaviours.filter((one) => one.kind === 'status' && one.status === 500).length;
      for (const [kind, read] of readers(joint).entries()) {
        const readAlone = readers(alone)[kind];
        if (readAlone === undefined) continue;
        const wanted = await endings(readAlone);
        const before = api.requests.length;
        const got = await endings(read);
        sent += api.requests.length - before;
        askedAlone += queries.length;
        for (const [at, ending] of got.entries()) {
          // Where several make the source fail, not all are found at once: the others fail too, but they are told nothing wrong.
          const isSourceFailure = (ending as { code?: string }).code === 'source-unreachable';
          if (failing < 2 || !isSourceFailure) expect(ending).toEqual(wanted[at]);
        }
      }
    }
    await joint.close();
  };
  await fc.assert(fc.asyncProperty(rounds, check), randomRuns('FORESCALE_REQUESTS', 20));
  expect(sent).toBeLessThan(askedAlone);
});
