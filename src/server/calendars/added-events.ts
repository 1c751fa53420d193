import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { ToldEventsSchema } from '../../api/peers.ts';
import type { AddedStanding } from '../../api/ports.ts';
import {
  type AddedEvent,
  AddedEventSchema,
  type CalendarEvent,
  listedEvent,
  matchesWorkload,
} from '../../forecast/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { putAside } from '../../platform/storage/put-aside.ts';

/** Events that were added at run time, at most; they are told to every replica every few seconds. */
const mostEvents = 200;
/** Words on events that are remembered at most, those on removed ones among them. */
const mostKnown = 2 * mostEvents;
/** What is over, or was removed, is remembered for this long: models learn from it, and a replica that was away must not bring it back. */
const rememberedSeconds = 420 * 86_400;
const removedSeconds = 30 * 86_400;
/** Least distance of two changes, seconds. */
const tickSeconds = 0.001;
const fileName = 'calendar-events.json';

/** The newest word on an event. */
interface KnownWord {
  readonly id: string;
  readonly at: number;
  /** Null = it was removed. */
  readonly event: AddedEvent | null;
}

/** Events that are added and removed at run time, the same on all replicas after some seconds. */
export interface AddedEvents {
  list(): readonly AddedStanding[];
  /** The events of a workload; another array only where one is another. */
  eventsOf(workload: { readonly namespace: string; readonly name: string }): readonly CalendarEvent[];
  /** Throws `invalid-argument` that says what is wrong, or `limit-reached`. */
  add(event: AddedEvent): Promise<AddedStanding>;
  /** False where there is none. */
  remove(id: string): Promise<boolean>;
  /** What other replicas are told, and take. */
  told(): Static<typeof ToldEventsSchema>;
  take(told: Static<typeof ToldEventsSchema>): void;
}

const FileSchema = Type.Object({ events: Type.Array(Type.Unknown()) });

/** Opens the events that were added before a restart. `onChange` is called where they are others. */
export async function openAddedEvents({
  stateDir,
  clock,
  log,
  onChange,
}: {
  readonly stateDir: string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChange: (what: 'added' | 'removed', event: AddedStanding, from: 'here' | 'peer') => void;
}): Promise<AddedEvents> {
  const path = stateDir === undefined ? undefined : join(stateDir, fileName);
  /** By id; the newest word on each counts. */
  const known = new Map<string, KnownWord>();
  for (const one of await load(path, log)) known.set(one.id, one);
  let saving: Promise<void> = Promise.resolve();

  const inForce = () => [...known.values()].filter(({ event }) => event !== null);

  function forgetOld(): void {
    for (const { id, at, event } of known.values()) {
      const until =
        event === null ? at + removedSeconds : listedEvent(event, {}).endSeconds + rememberedSeconds;
      if (until < clock()) known.delete(id);
    }
  }

  function hold(one: KnownWord, from: 'here' | 'peer'): Promise<void> {
    const before = known.get(one.id);
    known.set(one.id, one);
    forgetOld();
    const event = one.event ?? before?.event;
    const what = one.event === null ? 'removed' : 'added';
    if (event !== null && event !== undefined) {
      log.warn({ id: one.id, name: event.name, workloads: event.workloads, from }, `calendar-event-${what}`);
      onChange(what, { id: one.id, addedAt: one.at, event }, from);
    }
    saving = saving.then(() => save(path, [...known.values()], log));
    return saving;
  }

  return {
    list: () =>
      inForce().flatMap(({ id, at, event }) => (event === null ? [] : [{ id, addedAt: at, event }])),
    eventsOf: eventsOfWorkloads(inForce),
    async add(event) {
      listedEvent(event, {});
      forgetOld();
      if (inForce().length >= mostEvents) {
        const message = `there are ${mostEvents} events that were added; remove some, or keep them in a file or a calendar`;
        throw new ForescaleError('limit-reached', message);
      }
      const one = { id: randomUUID(), at: clock(), event };
      await hold(one, 'here');
      return { id: one.id, addedAt: one.at, event };
    },
    async remove(id) {
      const one = known.get(id);
      if (one === undefined || one.event === null) return false;
      await hold({ id, at: Math.max(clock(), one.at + tickSeconds), event: null }, 'here');
      return true;
    },
    told: () => [...known.values()],
    take(told) {
      for (const one of told.filter(isReadable)) {
        const before = known.get(one.id);
        if (before !== undefined && before.at >= one.at) continue;
        if (before === undefined && known.size >= mostKnown) continue;
        void hold(one, 'peer');
      }
    },
  };
}

/** Finds the events of workloads; each array is another one only where one of them is. */
function eventsOfWorkloads(inForce: () => readonly KnownWord[]): AddedEvents['eventsOf'] {
  const parts = new Map<string, { readonly key: string; readonly events: readonly CalendarEvent[] }>();
  return ({ namespace, name }) => {
    const own = inForce().filter(({ event }) => matchesWorkload(event?.workloads ?? [], { namespace, name }));
    const key = own.map(({ id, at }) => `${id} ${at}`).join();
    const place = `${namespace}/${name}`;
    const before = parts.get(place);
    if (before?.key === key) return before.events;
    const events = own.flatMap(({ event }) => (event === null ? [] : [listedEvent(event, {})]));
    if (key === '') parts.delete(place);
    else parts.set(place, { key, events });
    return key === '' ? none : events;
  };
}

const none: readonly CalendarEvent[] = [];

const isWord = (one: unknown): one is Static<typeof ToldEventsSchema>[number] =>
  Value.Check(ToldEventsSchema.items, one);

/** Whether this version understands it; one of another version may say more. */
function isReadable(one: Static<typeof ToldEventsSchema>[number]): one is KnownWord {
  const { event } = one;
  if (event === null) return true;
  if (!Value.Check(AddedEventSchema, event)) return false;
  try {
    listedEvent(event, {});
    return true;
  } catch {
    return false;
  }
}

async function load(path: string | undefined, log: Logger): Promise<readonly KnownWord[]> {
  if (path === undefined) return [];
  try {
    const { events } = Value.Parse(FileSchema, JSON.parse(await readFile(path, 'utf8')));
    const readable = events.filter(isWord).filter(isReadable);
    const leftOut = events.length - readable.length;
    if (leftOut > 0) log.warn({ path, leftOut }, 'calendar-events-left-out');
    return readable;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      log.warn(await putAside(path, error), 'calendar-events-unreadable');
    return [];
  }
}

async function save(path: string | undefined, events: readonly KnownWord[], log: Logger): Promise<void> {
  if (path === undefined) return;
  try {
    await mkdir(join(path, '..'), { recursive: true });
    const temporary = `${path}.${process.pid}`;
    await writeFile(temporary, JSON.stringify({ events }), { mode: 0o600, flush: true });
    await rename(temporary, path);
  } catch (error) {
    log.warn({ path, error: String(error) }, 'calendar-events-not-saved');
  }
}
