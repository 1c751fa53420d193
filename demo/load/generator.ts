import { type ArrivalProcessOptions, createArrivalProcess } from './arrival-process.ts';
import { createSender, type LoadStats, type SenderOptions } from './sender.ts';

export interface LoadGeneratorOptions extends Omit<ArrivalProcessOptions, 'onArrival'> {
  /** Told of each arrival before it is sent. */
  readonly onArrival?: () => void;
  /** Who is sent the load: each of them a request for every arrival, so that what they do can be compared. */
  readonly destinations: readonly Omit<SenderOptions, 'clock'>[];
}

export interface LoadGenerator {
  start(): void;
  /**
   * Sends no more and settles once everything under way is answered or timed out. It cannot be started again.
   */
  stop(): Promise<void>;
  /** One for each destination, in their order. */
  stats(): readonly LoadStats[];
  /** Begins all counts and latencies anew. */
  countAnew(): void;
}

/**
 * An open-model load generator: arrivals come at the wanted rate whether or not earlier ones were answered.
 */
export function createLoadGenerator(options: LoadGeneratorOptions): LoadGenerator {
  const { clock } = options;
  const senders = options.destinations.map((destination) => createSender({ ...destination, clock }));
  const arrivals = createArrivalProcess({
    ...options,
    onArrival() {
      options.onArrival?.();
      for (const sender of senders) sender.send();
    },
  });
  return {
    start: arrivals.start,
    async stop() {
      arrivals.stop();
      await Promise.all(senders.map((sender) => sender.close()));
    },
    stats: () => senders.map((sender) => sender.stats()),
    countAnew() {
      for (const sender of senders) sender.countAnew();
    },
  };
}
