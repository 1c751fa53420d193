import { within } from '../platform/deadline.ts';
import { type FieldError, invalidFields, toForescaleError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { boundedList } from '../platform/terminal/bounded-list.ts';
import { createTimeSlices } from '../platform/turns/time-slices.ts';
import type { KnownTrigger, TriggerRef, Workloads } from '../scaler/index.ts';
import type { ServerFile } from './config.ts';

/** A server answers after this time, however many workloads are still to be opened; KEDA's questions open theirs at once. */
const openingMs = 2_000;
/** KEDA asks for each workload it has twice a minute. One that was asked for so much earlier than the newest was not needed any more. */
const latelySeconds = 300;

/** Workloads that are named in an answer or in the log; ten thousand may be pending. */
const mostNamed = 20;
const reading = (name: string) => `the history of ${name} is being read`;

/**
 * Opens the workloads this server should know from the start, in slices between which the event loop turns, because there may be
 * ten thousand: those of its file, and then what KEDA asked for before a restart, newest first. An error in a workload that its file
 * declares is an error of the file and is thrown. An error in another one concerns that trigger alone and is logged. What is not open
 * after two seconds is opened in the background.
 */
export async function warmUp(
  workloads: Workloads,
  declared: NonNullable<ServerFile['workloads']>,
  known: readonly KnownTrigger[],
  options: { readonly timeoutMs: number; readonly log: Logger; readonly signal?: AbortSignal | undefined },
) {
  const { log, timeoutMs, signal } = options;
  const needed = createReadings();
  const others = createReadings();

  const slices = createTimeSlices({ sliceFor: 'caller' });
  async function open(ref: TriggerRef, how: Parameters<Workloads['open']>[1], readings: Readings) {
    if (slices.isOver()) await slices.nextTurn();
    readings.add(`${ref.namespace}/${ref.name}`, workloads.open(ref, how).firstHistory);
  }

  const fieldErrors: FieldError[] = [];
  for (const [index, { namespace, name, metadata }] of declared.entries()) {
    try {
      await open({ namespace, name, scalerMetadata: metadata }, { declared: true }, needed);
    } catch (thrown) {
      const field = `workloads[${index}]`;
      const message = `${field} (${namespace}/${name}): ${toForescaleError(thrown).message}`;
      fieldErrors.push({ field, message });
    }
  }
  if (fieldErrors.length > 0) throw invalidFields('configuration', fieldErrors);

  async function openKnown(): Promise<boolean> {
    workloads.expect(known);
    const newestFirst = known.toSorted((a, b) => a.askedSecondsAgo - b.askedSecondsAgo);
    const lately = (newestFirst[0]?.askedSecondsAgo ?? 0) + latelySeconds;
    for (const { namespace, name, scalerMetadata, ...how } of newestFirst) {
      if (signal?.aborted === true) return false;
      try {
        const readings = how.askedSecondsAgo <= lately ? needed : others;
        await open({ namespace, name, scalerMetadata }, how, readings);
      } catch (thrown) {
        log.warn({ namespace, name, error: String(thrown) }, 'known-workload-not-opened');
      }
    }
    return true;
  }
  const opened = openKnown();
  await within(openingMs, opened).catch(() => undefined);

  const done = within(
    timeoutMs,
    opened.then(() => needed.read()),
  ).then(
    () => log.info({ workloads: needed.count(), others: others.count() }, 'warm'),
    () => log.warn({ pending: boundedList(needed.pending(), mostNamed) }, 'ready-before-warm'),
  );
  return {
    /** Settles when all that is known has been opened; false where `signal` was aborted before. */
    opened,
    /**
     * Settles when every workload that is declared, or that KEDA asked for lately, has been read once, well or not, or when the time
     * is over.
     */
    done,
    /** What it waits for: those of them that are still being read, of which some are named. */
    pending: () => boundedList(needed.pending().map(reading), mostNamed),
  };
}

type Readings = ReturnType<typeof createReadings>;

/** First reads of histories. */
function createReadings() {
  const pending = new Map<Promise<void>, string>();
  const readings: Promise<void>[] = [];
  return {
    add(name: string, reading: Promise<void>): void {
      pending.set(reading, name);
      readings.push(reading.then(() => void pending.delete(reading)));
    },
    read: () => Promise.all(readings),
    pending: (): readonly string[] => [...new Set(pending.values())],
    count: () => readings.length,
  };
}
