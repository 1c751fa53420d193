import { setTimeout as sleep } from 'node:timers/promises';
import type { Examined } from './examined.ts';
import type { Watch } from './subject.ts';
import { fails, notApplicable, passes, type Verdict, verdictOf } from './verdict.ts';
import { inMs, inWords } from './words.ts';

/** KEDA acts on the messages; a state that comes later than this is not there at once. */
const atOnceMs = 3_000;
const reconnects = 50;
/** A stream that the scaler ends by itself would end within this. */
const heldOpenMs = 250;
/** A call that was cancelled ends in the client at once, whatever the server does. */
const endMs = 2_000;

/** Point 10: the state at once, then silence or news, a clean end on cancel, and that as often as wanted. */
export async function pushesActivity({ subject }: Examined): Promise<Verdict> {
  const stream = subject.watchActive();
  const first = await stream.first;
  if (first.kind === 'error') {
    stream.cancel();
    if (first.code === 'UNIMPLEMENTED')
      return notApplicable('UNIMPLEMENTED; external-push needs it, external does not');
    return fails(inWords('StreamIsActive', first));
  }
  const active = await subject.isActive();
  const endedEarly = await Promise.race([stream.ended, sleep(heldOpenMs, undefined)]);
  const cancelled = endedEarly ?? (await cancel(stream));
  let again = 0;
  for (; again < reconnects; again++) {
    const next = subject.watchActive();
    const message = await next.first;
    await cancel(next);
    if (message.kind === 'error' || message.answer !== first.answer) break;
  }
  return verdictOf(
    [
      first.ms > atOnceMs && `the state came after ${inMs(first.ms)}`,
      active.kind === 'answer' &&
        active.answer !== first.answer &&
        `StreamIsActive says ${first.answer} and IsActive ${active.answer}`,
      endedEarly !== undefined &&
        `the stream ended by itself with ${endedEarly}, so that KEDA reconnects without end`,
      endedEarly === undefined && cancelled !== 'CANCELLED' && `a cancelled stream ended with ${cancelled}`,
      again < reconnects && `reconnection ${again + 1} of ${reconnects} did not say ${first.answer} at once`,
    ],
    `${first.answer} after ${inMs(first.ms)}, and on each of ${reconnects} reconnections`,
  );
}

async function cancel(stream: Watch<unknown>): Promise<string> {
  stream.cancel();
  return Promise.race([stream.ended, sleep(endMs, 'nothing', { ref: false })]);
}

/** Point 11: no StreamMetricSpec, or one that begins with what GetMetricSpec answers. */
export async function pushesSpec({ subject, specs }: Examined): Promise<Verdict> {
  const stream = subject.watchSpec();
  const first = await stream.first;
  stream.cancel();
  if (first.kind === 'error') {
    if (first.code === 'UNIMPLEMENTED')
      return passes('UNIMPLEMENTED, which KEDA takes for "does not change"');
    return fails(inWords('StreamMetricSpec', first));
  }
  const isSame = JSON.stringify(first.answer) === JSON.stringify(specs);
  return isSame
    ? passes('begins with the answer of GetMetricSpec')
    : fails(inWords('StreamMetricSpec', first));
}
