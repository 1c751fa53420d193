import { Worker } from 'node:worker_threads';

const daySeconds = 86_400;

export interface FakePrometheus {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the server in a thread of its own, so that making millions of rows delays nobody who measures. */
export async function startFakePrometheus(): Promise<FakePrometheus> {
  const worker = new Worker(new URL('prometheus-thread.ts', import.meta.url));
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return { url: `http://127.0.0.1:${port}`, stop: async () => void (await worker.terminate()) };
}

/** Demand of a day, between 20 and 120; the newest value of a query is the same curve. */
export function demandAt(unixSeconds: number): number {
  return 70 - 50 * Math.cos((2 * Math.PI * unixSeconds) / daySeconds);
}
