import { type ArrivalProcessOptions, createArrivalProcess } from './arrival-process.ts';
import { createSender, type LoadStats, type SenderOptions } from './sender.ts';

export interface LoadGeneratorOptions extends Omit<ArrivalProcessOptions, 'onArrival'> {
  /** Called for each arrival before its requests are sent. */
  readonly onArrival?: () => void;
  /** Each destination is sent one request for every arrival, so that they can be compared. */
  readonly destinations: readonly Omit<SenderOptions, 'clock'>[];
}

export interface LoadGenerator {
  start(): void;
  /**
   * Sends no more; settles once every request under way is answered or timed out. The generator cannot be started again.
   */
  stop(): Promise<void>;
  /** Statistics of each destination, in the order of the destinations. */
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
