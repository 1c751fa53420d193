import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bounded, within } from '../../../src/platform/deadline.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

const never = () => new Promise<never>(() => undefined);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('bounded', () => {
  it('aborts with the given error when the time is over', () => {
    const late = new Error('late');
    const { signal } = bounded(1_000, { error: () => late });
    vi.advanceTimersByTime(999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toBe(late);
  });

  it('aborts with the reason of the caller’s signal, before or after the call', () => {
    const caller = new AbortController();
    const { signal } = bounded(1_000, { signal: caller.signal });
    caller.abort('enough');
    expect(signal.reason).toBe('enough');
    expect(bounded(1_000, { signal: caller.signal }).signal.reason).toBe('enough');
  });

  it('has no timer where the time is unlimited', () => {
    bounded(Number.POSITIVE_INFINITY);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends what still listens when it is released', () => {
    const { signal, release } = bounded(1_000);
    release();
    release();
    expect(signal.aborted).toBe(true);
  });

  it('holds no timer, no listener and no memory after its release', async () => {
    vi.useRealTimers();
    const caller = new AbortController();
    const held = Array.from({ length: 100 }, () => {
      const payload = { text: 'what the error would say' };
      const bound = bounded(60_000, { signal: caller.signal, error: () => payload });
      bound.release();
      return { payload: new WeakRef(payload), signal: new WeakRef(bound.signal) };
    });
    // A weak reference keeps its target until the end of the turn in which it was made.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
    const alive = held.filter(({ payload, signal }) => payload.deref() ?? signal.deref());
    expect(alive.length).toBeLessThan(2);
  });
});

describe('within', () => {
  it('gives the result and holds neither timer nor listener after it', async () => {
    const caller = new AbortController();
    expect(await within(1_000, Promise.resolve(7), { signal: caller.signal })).toBe(7);
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  });

  it('passes on the failure of the work', async () => {
    await expect(within(1_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects when the time is over, although the work goes on', async () => {
    const ended = expect(within(1_000, never())).rejects.toThrow('took longer than 1000 ms');
    await vi.advanceTimersByTimeAsync(1_000);
    await ended;
  });

  it('rejects at once with the reason of the caller’s signal', async () => {
    const caller = new AbortController();
    const ended = expect(within(1_000, never(), { signal: caller.signal })).rejects.toBe('gone');
    caller.abort('gone');
    await ended;
    const work = vi.fn(never);
    await expect(within(1_000, work, { signal: caller.signal })).rejects.toBe('gone');
    expect(work).not.toHaveBeenCalled();
  });

  it('ends the rest of the work once there is an answer', async () => {
    const seen: AbortSignal[] = [];
    await within(1_000, async (signal) => seen.push(signal));
    expect(seen[0]?.aborted).toBe(true);
  });
});
