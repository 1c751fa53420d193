import { parentPort } from 'node:worker_threads';
import { opponentNamed } from './table.ts';
import type { WindowQuestion } from './window-lane.ts';

let previous: Promise<void> = Promise.resolve();

parentPort?.on('message', (question: WindowQuestion) => {
  previous = previous.then(() => answer(question));
});

async function answer({ opponent: name, tasks, calendar }: WindowQuestion): Promise<void> {
  try {
    const opponent = opponentNamed(name);
    if (opponent?.kind !== 'window') throw new Error(`${name} is no slow opponent`);
    parentPort?.postMessage({ answers: await opponent.forecast(tasks, calendar) });
  } catch (cause) {
    parentPort?.postMessage({ failure: cause instanceof Error ? cause.message : String(cause) });
  }
}
