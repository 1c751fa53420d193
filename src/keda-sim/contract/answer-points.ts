import type { Examined } from './examined.ts';
import { fails, passes, type Verdict, verdictOf } from './verdict.ts';
import { faultOfValues, inMs, inWords, isAlike, targetOf, totalOf } from './words.ts';

const pairs = 5;
/** An RPC that takes longer than this holds up the polling of its ScaledObject, 30 s by default, noticeably. */
const slowestMs = 5_000;
/** Two polls and four HPA syncs of three calls a minute, twice because KEDA repeats what fails. */
const callsAtOnce = 36;

/** Point 4: the value and the activity of one moment belong together, and stay while nothing changes, at every address. */
export async function pairsAgree(examined: Examined): Promise<Verdict> {
  const { specs, others } = examined;
  const target = targetOf(specs);
  const seen: { readonly value: number; readonly active: boolean }[] = [];
  for (const subject of [examined.subject, ...others]) {
    for (let i = 0; i < pairs; i++) {
      const metrics = await subject.metrics(specs[0]?.metricName ?? '');
      const active = await subject.isActive();
      if (metrics.kind === 'error') return fails(inWords('GetMetrics', metrics));
      if (active.kind === 'error')
        return fails(`${inWords('IsActive', active)}; KEDA then discards the value`);
      seen.push({ value: totalOf(metrics.answer), active: active.answer });
    }
  }
  const [first = { value: 0, active: false }] = seen;
  const where = others.length === 0 ? 'one address' : `${1 + others.length} addresses`;
  const values = seen.map(({ value }) => value);
  return verdictOf(
    [
      seen.some(({ active }) => active !== first.active) &&
        `IsActive changes within ${seen.length} pairs at ${where}`,
      !values.every((value) => isAlike(value, first.value, target)) &&
        `the value changes from ${Math.min(...values)} to ${Math.max(...values)} within ${seen.length} pairs at ${where}`,
    ],
    `${seen.length} pairs at ${where}: ${first.value}, ${first.active ? 'active' : 'inactive'}`,
  );
}

/** Point 5: no RPC of the whole examination hung. */
export function everyRpcIsBounded({ subject }: Examined): Verdict {
  const [slowest] = subject.calls.toSorted((a, b) => b.asked.ms - a.asked.ms);
  if (slowest === undefined) return fails('no call was made');
  const seen = `the slowest of ${subject.calls.length} calls, ${slowest.rpc}, took ${inMs(slowest.asked.ms)}`;
  return slowest.asked.ms > slowestMs ? fails(`${seen}, more than ${slowestMs} ms`) : passes(seen);
}

/** Point 7: whatever was asked, there was never an empty answer and never a value that KEDA takes for no load. */
export async function neverNothing({ subject, specs, brokenRef }: Examined): Promise<Verdict> {
  const metricName = specs[0]?.metricName ?? '';
  const broken = brokenRef === undefined ? undefined : await subject.metrics(metricName, brokenRef);
  const faults = subject.values.map(faultOfValues).filter((fault) => fault !== undefined);
  const without =
    broken === undefined
      ? 'no address of a source is in the metadata, so that none could be made unreachable'
      : `with an unreachable source ${inWords('GetMetrics', broken)}`;
  return verdictOf(
    [
      faults.length > 0 && `${faults.length} of ${subject.values.length} answers: ${faults[0]}`,
      broken?.kind === 'answer' &&
        totalOf(broken.answer) === 0 &&
        'an unreachable source is answered with 0, so that KEDA scales in',
    ],
    `${subject.values.length} answers with one value each; ${without}`,
  );
}

/** Point 14: as many calls at once as KEDA makes in a minute when it repeats each, answered alike and in time. */
export async function stormsAreCheap({ subject, specs }: Examined): Promise<Verdict> {
  const asked = await Promise.all(
    Array.from({ length: callsAtOnce }, () => subject.metrics(specs[0]?.metricName ?? '')),
  );
  const failed = asked.find(({ kind }) => kind === 'error');
  if (failed !== undefined)
    return fails(`of ${callsAtOnce} calls at once one: ${inWords('GetMetrics', failed)}`);
  const values = asked.map((one) => (one.kind === 'answer' ? totalOf(one.answer) : 0));
  const ms = Math.max(...asked.map((one) => one.ms));
  const target = targetOf(specs);
  return verdictOf(
    [
      ms > slowestMs && `the slowest of ${callsAtOnce} calls at once took ${inMs(ms)}`,
      values.some((value) => !isAlike(value, values[0] ?? 0, target)) &&
        `${callsAtOnce} calls at once give ${Math.min(...values)} to ${Math.max(...values)}`,
    ],
    `${callsAtOnce} calls at once: one value, the slowest in ${inMs(ms)}`,
  );
}
