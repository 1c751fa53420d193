import { expect, it } from 'vitest';
import { goodDecision, modelOf, taught, workloadOf } from '../../api/fixture.ts';
import { scraped } from './scraped.ts';

const model = modelOf(taught(0));

it('says what demand is counted in, in words that a title of a dashboard can have where the trigger has none', async () => {
  const withUnit = (unit: string | undefined) => scraped(workloadOf(model, { unit }));
  expect(await withUnit('tokens/s')).toMatch(/^forescale_workload_info\{.*unit="tokens\/s"\} 1$/m);
  expect(await withUnit(undefined)).toMatch(/^forescale_workload_info\{.*unit="units of the query"\} 1$/m);
});

it('says in one series what the signal rests on', async () => {
  const statesOf = async (decision: typeof goodDecision | undefined) => {
    const text = await scraped(workloadOf(model, { decision: () => decision }));
    return [...text.matchAll(/^forescale_state\{.*,state="(\w+)"\} (\d)$/gm)].map(([, state, value]) => [
      state,
      value,
    ]);
  };
  expect(await statesOf(goodDecision)).toEqual([['forecast', '1']]);
  expect(await statesOf({ ...goodDecision, basis: 'margin' })).toEqual([['observed', '1']]);
  expect(await statesOf({ ...goodDecision, fresh: false })).toEqual([['blind', '1']]);
  expect(await statesOf(undefined)).toEqual([['none', '1']]);
});
