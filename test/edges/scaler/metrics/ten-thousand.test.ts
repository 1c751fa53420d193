import { createHash } from 'node:crypto';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createApiApp } from '../../../../src/api/app.ts';
import type { WorkloadView } from '../../../../src/forecast/index.ts';
import { createTimeSlices } from '../../../../src/platform/turns/time-slices.ts';
import { createScalerMetrics } from '../../../../src/scaler/index.ts';
import { writtenWorkloads } from '../../../../src/scaler/metrics/written-workloads.ts';
import { turnsDuring } from '../../../support/longest-turn.ts';
import {
  apiOptions,
  directoryOf,
  goodDecision,
  goodOutcome,
  modelOf,
  nowSeconds,
  taught,
  workloadOf,
} from '../../api/fixture.ts';
import { textOf } from './scraped.ts';

/** Nothing may hold the event loop for longer, milliseconds of CPU. */
const blockedMs = 25;
const model = modelOf(taught(2));

/** Workloads that share what they learned, which takes no time to make; each is told of anew. */
function workloads(count: number): readonly WorkloadView[] {
  return Array.from({ length: count }, (_, index) =>
    workloadOf(model, {
      name: `web-${index}`,
      outcome: () => goodOutcome,
      decision: () => ({ ...goodDecision, signal: 100 + index / 7 }),
    }),
  );
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

it('holds the event loop for no longer than 25 ms while ten thousand workloads are scraped', async () => {
  const directory = directoryOf(workloads(10_000));
  const metrics = createScalerMetrics(new Registry(), '1.2.3');
  const scrape = () => metrics.scrape(directory, nowSeconds);
  const app = await createApiApp(apiOptions({ directory, metrics: { all: scrape, of: scrape } }));
  try {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    let first = { lines: 0, bytes: 0 };
    // The first scrape asks every model, the later ones read what they asked.
    for (let scrapes = 0; scrapes < 2; scrapes++) {
      const turns = await turnsDuring(async () => {
        first = await readOver(port);
      });
      expect(turns.longestMs).toBeLessThan(blockedMs);
      // On a fast machine all of it in a few turns would take less than that.
      expect(turns.longestMs).toBeLessThan(turns.totalMs / 5);
    }
    expect(first.lines).toBeGreaterThan(20 * 10_000);
    expect(first.lines).toBeLessThan(20 * 10_000 + 1_000);
    expect(first.bytes).toBeGreaterThan(10_000_000);
  } finally {
    await app.close();
  }
});

/** Reads the metrics over HTTP and keeps none of them. */
function readOver(port: number): Promise<{ lines: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/metrics' }, (response) => {
      let [lines, bytes] = [0, 0];
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
      });
      response.once('end', () => resolve({ lines, bytes }));
      response.once('error', reject);
    });
    asked.once('error', reject);
    asked.end();
  });
}

it('writes in slices what it writes in one turn, to the byte, of the moment at which it began', async () => {
  let signal = 1;
  const some = workloads(300).map((one) => ({ ...one, decision: () => ({ ...goodDecision, signal }) }));
  const written = (sliceMs: number) =>
    writtenWorkloads(some, 'usual', nowSeconds, createTimeSlices({ sliceMs }));
  const whole = await textOf({ body: written(Number.POSITIVE_INFINITY) });
  expect(whole.match(/^forescale_signal\{.*\} 1$/gm)).toHaveLength(300);
  const pieces: string[] = [];
  for await (const piece of written(0)) {
    pieces.push(piece);
    signal++;
  }
  expect(pieces.length).toBeGreaterThan(10);
  expect(hashOf(pieces.join(''))).toBe(hashOf(whole));
});

it('writes no more than is read', async () => {
  const text = createScalerMetrics(new Registry(), '1.2.3').scrape(directoryOf(workloads(2_000)), nowSeconds);
  let characters = 0;
  for await (const piece of text.body) {
    characters += piece.length;
    expect(piece.length).toBeLessThan(100_000);
    if (characters > 200_000) break;
  }
  expect(characters).toBeLessThan(400_000);
});
