import { type Scenario, scales } from './scenario.ts';

/** A life in which nothing happens but what a known one says. */
const quiet = {
  scale: scales[0],
  startSeconds: 1_772_582_400,
  hpas: [undefined, undefined, undefined],
  companion: 'twin',
  sourceEpisodes: [],
  modelEpisodes: [],
  calendarEpisodes: [],
} as const;
const steady = { kind: 'constant', noise: 0, glitchShare: 0, glitchValue: 0, salt: 0 } as const;

/** Lives that once broke a promise, as small as chance had made them. */
export const knownLives: Readonly<Record<string, Scenario>> = {
  'a restart and an edit of the threshold soon after first sight': {
    ...quiet,
    demands: [
      { ...steady, level: 25_000, emptyIsZero: false },
      { ...steady, level: 0.002, emptyIsZero: false },
    ],
    workloads: [{ namespace: 'left', query: 0, metadata: { threshold: '0.001' } }],
    gaps: [10, 10, 10, 10, 10, 30, 30, 10],
    events: [
      { poll: 1, what: { kind: 'restart' } },
      { poll: 1, what: { kind: 'edited threshold', workload: 0, threshold: '2.5' } },
    ],
  },
  'a restart while the source fails, and a lower demand before any history is read again': {
    ...quiet,
    scale: scales[2],
    startSeconds: 1_772_819_645,
    demands: [
      { ...steady, level: 0.002, noise: 0.1, salt: 377_530, emptyIsZero: false },
      { ...steady, level: 0.002, emptyIsZero: false },
    ],
    workloads: [{ namespace: 'left', query: 0, metadata: { threshold: '0.001' } }],
    gaps: [60, 300, 15, 10, 30],
    sourceEpisodes: [
      { from: 2, polls: 1, query: 0, of: 'both', fault: { kind: 'throws', code: 'source-unreachable' } },
    ],
    events: [
      { poll: 2, what: { kind: 'restart' } },
      { poll: 0, what: { kind: 'clock jump', seconds: -86_400 } },
    ],
  },
  'a day in which the clock goes back and a workload is forgotten, and a source that tells nothing after it':
    {
      ...quiet,
      demands: [
        { ...steady, level: 0.002, emptyIsZero: false },
        { ...steady, level: 0.002, emptyIsZero: false },
      ],
      workloads: [{ namespace: 'left', query: 0, metadata: { threshold: '0.001' } }],
      gaps: [10, 10, 10, 10],
      sourceEpisodes: [
        { from: 1, polls: 1, query: 0, of: 'instant', fault: { kind: 'value', value: Number.NaN } },
      ],
      events: [
        { poll: 1, what: { kind: 'clock jump', seconds: -86_400 } },
        { poll: 1, what: { kind: 'forget' } },
      ],
    },
  'two restarts at once of a demand that changes': {
    ...quiet,
    demands: [
      { ...steady, kind: 'daily', level: 0.002, emptyIsZero: false },
      { ...steady, level: 0.002, emptyIsZero: false },
    ],
    workloads: [{ namespace: 'left', query: 0, metadata: { threshold: '0.001', mode: 'reactive' } }],
    gaps: [10, 10, 10, 10],
    events: [
      { poll: 2, what: { kind: 'restart' } },
      { poll: 2, what: { kind: 'restart' } },
    ],
  },
  'an archive that is lost when one of two replicas has learned what a calendar says, and the other has not':
    {
      ...quiet,
      scale: scales[1],
      companion: 'late',
      demands: [
        { ...steady, level: 0.002, emptyIsZero: false },
        { ...steady, level: 25_000, emptyIsZero: false },
      ],
      workloads: [
        { namespace: 'left', query: 1, metadata: { threshold: '0.001' } },
        { namespace: 'left', query: 0, metadata: { threshold: '0.001' } },
      ],
      gaps: [10, 900, 10, 10, 900, 10, 10],
      calendarEpisodes: [
        {
          ...{ from: 1, polls: 4, query: 1 },
          events: [
            {
              ...{ startSeconds: -200_000, endSeconds: -192_800, rampSeconds: 0 },
              ...{ kind: 'one', name: 'first', effect: { type: 'given', ratio: 10 } },
            },
          ],
        },
      ],
      archive: { isDamaged: false, lostFrom: 4 },
      events: [],
    },
  'a restart after one sample of nonsense, while no history says that it is': {
    ...quiet,
    startSeconds: 1_772_754_975,
    demands: [
      { ...steady, level: 0.002, glitchShare: 0.1, glitchValue: 1e308, salt: 427_230, emptyIsZero: false },
      { ...steady, level: 0.002, emptyIsZero: false },
    ],
    workloads: [{ namespace: 'left', query: 0, metadata: { threshold: '0.001' } }],
    gaps: [120, 30, 900, 15, 10],
    modelEpisodes: [{ from: 1, polls: 3, query: 0, fault: 'throws' }],
    events: [{ poll: 3, what: { kind: 'restart' } }],
  },
  'an edit of the threshold before the history could be read': {
    ...quiet,
    demands: [
      { ...steady, level: 1e9, emptyIsZero: false },
      { ...steady, level: 0.002, emptyIsZero: false },
    ],
    workloads: [{ namespace: 'left', query: 0, metadata: { threshold: '0.001' } }],
    gaps: [10, 10, 10, 10],
    sourceEpisodes: [
      { from: 0, polls: 1, query: 0, of: 'range', fault: { kind: 'throws', code: 'source-unreachable' } },
    ],
    events: [{ poll: 1, what: { kind: 'edited threshold', workload: 0, threshold: '100' } }],
  },
};
