import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTemporaryFolder, type TemporaryFolder } from '../../../tools/temporary-folder.ts';
import { eventually } from '../../support/eventually.ts';
import { isLongForm } from '../../support/long-form.ts';
import { createKedaCaller, type KedaCaller } from '../integration/scaler-client.ts';
import { startServeProcess } from '../serve-process.ts';
import { demandAt, type FakePrometheus, startFakePrometheus } from './fake-prometheus.ts';
import { createRecordWitness, type RecordWitness } from './record-witness.ts';

/** Servers that are killed at the same time, each with a state of its own, and how often each is. */
const lives = isLongForm ? { servers: 2, killsEach: 500 } : { servers: 2, killsEach: 5 };
const names = ['app', 'shop', 'search'];
const trigger = (name: string) => ({
  query: name,
  threshold: '10',
  hpaTolerance: '0',
  historyTimeWindow: '12h',
});
/** Longest that a server is under load before it is killed; how long exactly follows from the kill's number. */
const longestLoadMs = 400;
/** KEDA is told three decimals. */
const rounding = 0.001;

interface Tally {
  kills: number;
  answers: number;
  readonly record: RecordWitness;
  readonly wrong: string[];
}

describe('a server that is killed under load', () => {
  let prometheus: FakePrometheus;
  beforeAll(async () => {
    prometheus = await startFakePrometheus();
  });
  afterAll(() => prometheus?.stop());

  it(
    'answers after every restart no less than what is observed, never falsely that nothing is active, and has every decision that it has shown',
    async ({ annotate }) => {
      const tallies = await Promise.all(
        Array.from({ length: lives.servers }, () => killTimeAndAgain(prometheus.url, lives.killsEach)),
      );
      const shown = tallies.reduce((total, { record }) => total + record.shown, 0);
      const sum = (what: 'kills' | 'answers') => tallies.reduce((total, tally) => total + tally[what], 0);
      await annotate(
        `${sum('kills')} SIGKILLs under load, ${sum('answers')} answers, none below what was observed; ${shown} decisions were shown, none is lost`,
      );
      expect(tallies.flatMap(({ wrong }) => wrong)).toEqual([]);
      expect(shown).toBeGreaterThan(names.length * sum('kills'));
      expect(sum('kills')).toBe(lives.servers * lives.killsEach);
      expect(sum('answers')).toBeGreaterThan(2 * names.length * sum('kills'));
    },
    isLongForm ? 3_600_000 : 400_000,
  );
});

async function killTimeAndAgain(prometheusUrl: string, kills: number): Promise<Tally> {
  const tally: Tally = { kills: 0, answers: 0, record: createRecordWitness(names), wrong: [] };
  const state = await openTemporaryFolder('forescale-killed');
  try {
    let beforeSeconds = 0;
    for (; tally.kills < kills; tally.kills++) {
      const startSeconds = Date.now() / 1000;
      await oneLife(prometheusUrl, state, tally, beforeSeconds);
      beforeSeconds = startSeconds;
    }
    const last = await startServeProcess(prometheusUrl, { flags: ['--state-dir', state.path] });
    tally.wrong.push(...(await tally.record.lost(last.httpUrl, 0)));
    await last.stop();
  } finally {
    await state.remove();
  }
  return tally;
}

/** Starts a server with the state of the one before, asks it for everything at once and goes on asking, and kills it. */
async function oneLife(
  prometheusUrl: string,
  state: TemporaryFolder,
  tally: Tally,
  beforeSeconds: number,
): Promise<void> {
  const server = await startServeProcess(prometheusUrl, { flags: ['--state-dir', state.path] });
  const keda = createKedaCaller(server.grpcPort);
  try {
    // Nothing is known in the first life, so that its first question waits for the source, 2 s at most.
    if (tally.kills === 0) await Promise.all(names.map((name) => untilAnswered(keda, name)));
    await Promise.all(names.map((name) => check(keda, name, tally)));
    tally.wrong.push(...(await tally.record.lost(server.httpUrl, beforeSeconds)));
    // The list of what is known is saved within seconds of a change; the first life is as long as that takes.
    if (tally.kills === 0) await untilSaved(state);
    const untilMs = performance.now() + (longestLoadMs * ((tally.kills * 7) % 10)) / 10;
    while (performance.now() < untilMs) {
      await Promise.all(names.map((name) => check(keda, name, tally)));
      await sleep(5);
    }
    await tally.record.look(server.httpUrl, beforeSeconds);
    const inFlight = names.map((name) => keda.value(name, trigger(name)).catch(() => undefined));
    await server.kill();
    await Promise.all(inFlight);
  } finally {
    keda.close();
    await server.kill();
  }
}

/**
 * The least that was observed lately: an observation is of the start of its refresh interval and fresh for 15 s, and is held where a
 * crowded machine is later with the next one.
 */
function leastObserved(): number {
  const now = Date.now() / 1000;
  return Math.min(demandAt(now), demandAt(now - 15), demandAt(now - 30)) - rounding;
}

async function check(keda: KedaCaller, name: string, tally: Tally): Promise<void> {
  const least = leastObserved();
  const [value, isActive] = await Promise.all([
    keda.value(name, trigger(name)),
    keda.isActive(name, trigger(name)),
  ]);
  tally.answers += 2;
  const when = `${name}, life ${tally.kills + 1}`;
  if (!(value >= least)) tally.wrong.push(`${when}: ${value} is below ${least}`);
  if (!isActive) tally.wrong.push(`${when}: inactive at ${value}`);
}

async function untilAnswered(keda: KedaCaller, name: string): Promise<void> {
  await eventually(
    () => keda.value(name, trigger(name)).catch(() => undefined),
    (value) => value !== undefined,
  );
}

async function untilSaved(state: TemporaryFolder): Promise<void> {
  await eventually(
    () => readdir(state.path),
    (files) => files.some((file) => file.endsWith('.ndjson')),
  );
}
