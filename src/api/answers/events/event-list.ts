import type { Event } from '../../schemas/events.ts';

/**
 * The newest events, at most so many. Where there are more, each namespace and the server itself keep as many as another, so that one
 * whose source comes and goes does not push out the rest. The order stays.
 */
export function newestOfEach(events: readonly Event[], most: number): readonly Event[] {
  if (events.length <= most) return events;
  const indexes = Map.groupBy(events.keys(), (index) => events[index]?.namespace ?? null);
  const rising = [...indexes.values()].sort((a, b) => a.length - b.length);
  const kept = new Set<number>();
  for (const [place, own] of rising.entries()) {
    const share = Math.floor((most - kept.size) / (rising.length - place));
    for (const index of own.slice(Math.max(0, own.length - share))) kept.add(index);
  }
  return events.filter((_, index) => kept.has(index));
}

/** Events of the same kind and workload that are nearer in time are one, which two replicas noticed. */
const sameSeconds = 60;

/** What several replicas noticed, each event once and at its first time, oldest first. What one replica noticed twice happened twice. */
export function mergedEvents(parts: readonly (readonly Event[])[]): readonly Event[] {
  const all = parts
    .flatMap((events, part) => events.map((event) => ({ event, seenBy: new Set([part]) })))
    .toSorted((a, b) => a.event.at - b.event.at);
  const open = new Map<string, (typeof all)[number][]>();
  const kept: Event[] = [];
  for (const one of all) {
    const key = keyOf(one.event);
    const [part = 0] = one.seenBy;
    const recent = (open.get(key) ?? []).filter(({ event }) => one.event.at - event.at < sameSeconds);
    const same = recent.find(({ seenBy }) => !seenBy.has(part));
    if (same === undefined) kept.push(one.event);
    else same.seenBy.add(part);
    open.set(key, same === undefined ? [...recent, one] : recent);
  }
  return kept;
}

/** Sentences of the same event may differ in numbers, but those about the server say which way it went. */
function keyOf({ namespace, name, trigger, kind, message }: Event): string {
  return JSON.stringify([namespace, name, trigger, kind, namespace === null ? message : '']);
}
