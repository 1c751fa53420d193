import { eventsWithin } from '../../api/calendars/known-event.ts';
import type { WhatIfPlayer } from '../../api/ports.ts';
import { asComplete } from '../../history/source.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { participantsOf, type Scenario, scenarioOf } from '../../what-if/index.ts';
import { playInThread } from './play-in-thread.ts';
import { rowsToReplay, rowWarnings } from './rows-to-replay.ts';

/** Memory that must be left for a what-if, bytes: the first one takes 100 MiB, most of it for the code of the thread. */
const neededBytes = 128 * 1024 * 1024;

/** Plays what-ifs of a server of that timing in threads, and none where the memory that is left might not do for one. */
export function createWhatIfPlayer(
  playedServer: Scenario['serving'],
  availableBytes = () => process.availableMemory(),
): WhatIfPlayer {
  return {
    async play({ history, rangeSeconds, settings, policies, ...asked }, signal) {
      const rows = rowsToReplay(asComplete(history), rangeSeconds, asked.model?.seasonsSeconds?.[0]);
      refuseWithoutMemory(availableBytes());
      const { warnings, ...recorded } = rows;
      const question = {
        ...asked,
        recorded,
        scenario: scenarioOf(settings, playedServer),
        participants: participantsOf(policies, asked.serviceLevel),
      };
      const answer = await playInThread(question, signal);
      const { timestamps } = rows;
      const events = asked.model?.events;
      const named = events && {
        events: eventsWithin(events, timestamps[0] ?? 0, timestamps.at(-1) ?? 0),
      };
      return { ...answer, ...named, warnings: [...warnings, ...rowWarnings(rows, question.scenario)] };
    },
  };
}

function refuseWithoutMemory(bytes: number): void {
  if (bytes >= neededBytes) return;
  const mebibytes = (value: number) => Math.floor(value / 1024 / 1024);
  throw new ForescaleError(
    'overloaded',
    `this server has ${mebibytes(bytes)} MiB of memory left and a what-if needs ${mebibytes(neededBytes)}; give its pod more, or run the command forescale what-if elsewhere`,
  );
}
