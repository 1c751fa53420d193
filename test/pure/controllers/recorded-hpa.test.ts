import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type HpaRecording, type RecordedHpa, replayHpa } from './hpa-recording.ts';

/**
 * What a real kube-controller-manager did, sync by sync; `node test/real/hpa/record.ts` records it anew after
 * `make cluster-tools`, in 20 minutes.
 */
const { runs, syncSeconds } = JSON.parse(
  readFileSync(new URL('./recorded-hpa.json', import.meta.url), 'utf8'),
) as HpaRecording;

function equalShare(chosen: readonly RecordedHpa[]): number {
  const replayed = chosen.map(replayHpa);
  const syncs = replayed.reduce((sum, one) => sum + one.syncs, 0);
  return 1 - replayed.reduce((sum, one) => sum + one.wrong.length, 0) / syncs;
}

describe('the HPA in virtual time, held to a real controller', () => {
  it('is held to recordings of 500 syncs and more, with changes', () => {
    const replayed = runs.map(replayHpa);
    expect(runs.length).toBeGreaterThanOrEqual(13);
    expect(Math.min(...replayed.map(({ syncs }) => syncs))).toBeGreaterThanOrEqual(500);
    expect(replayed.reduce((sum, { changes }) => sum + changes, 0)).toBeGreaterThan(1000);
  });

  it('takes at least 99 of 100 steps that the real one took, and nothing is set right after a difference', () => {
    expect(equalShare(runs)).toBeGreaterThanOrEqual(0.99);
  });

  it('takes them under each behavior, also where a period is exactly that of the controller', () => {
    const periods = runs.flatMap(({ behavior }) =>
      [behavior?.scaleUp, behavior?.scaleDown].flatMap((rules) => rules?.policies ?? []),
    );
    expect(periods.filter(({ periodSeconds }) => periodSeconds === syncSeconds).length).toBeGreaterThan(0);
    for (const run of runs) expect(equalShare([run])).toBeGreaterThanOrEqual(0.99);
  });

  it('knows when a change was written: a sync that comes early still counts the change before', () => {
    const ages = runs.flatMap(({ syncs }) =>
      syncs.slice(1).flatMap(([readSeconds], sync) => {
        const writtenSeconds = syncs[sync]?.[3];
        return writtenSeconds === undefined ? [] : [readSeconds - writtenSeconds];
      }),
    );
    expect(ages.length).toBeGreaterThan(1000);
    const early = ages.filter((age) => age < syncSeconds).length / ages.length;
    expect(early).toBeGreaterThan(0.01);
    // As a rule the controller looks again a whole period after it has written, which is what virtual time assumes.
    expect(early).toBeLessThan(0.1);
  });
});
