import type { History, HistorySource, InstantResult, RangeRequest } from '../../../../src/history/source.ts';
import { ForescaleError } from '../../../../src/platform/errors.ts';
import type { SourceFault } from './scenario.ts';
import { demandAt } from './virtual-demand.ts';
import { queryNumber, sourceFault, type World } from './world.ts';

/** What a bug in a source throws. */
export const bugText = 'the source has a bug';
/** Prometheus answers with a sample that is up to this old. */
const lookbackSeconds = 300;

/** A source over the demands of a scenario, which answers badly when the scenario says so. */
export function createVirtualSource(world: World): HistorySource {
  const { startSeconds, scale, demands } = world.scenario;
  const firstSeconds = startSeconds - scale.historySeconds;

  function valueAt(query: string, unixSeconds: number): number | undefined {
    const shape = demands[queryNumber(query)];
    if (shape === undefined || unixSeconds < firstSeconds) return undefined;
    return demandAt(shape, scale.seasonSeconds, unixSeconds);
  }

  function rows({ query, startSeconds: from, endSeconds, stepSeconds }: RangeRequest): History {
    const timestamps: number[] = [];
    const values: number[] = [];
    const first = Math.max(from, Math.ceil(firstSeconds / stepSeconds) * stepSeconds);
    // A source knows nothing of the future, whatever the clock of the server says.
    for (let t = first; t <= Math.min(endSeconds, world.trueSeconds); t += stepSeconds) {
      const value = valueAt(query, t);
      if (value === undefined) continue;
      timestamps.push(t);
      values.push(value);
    }
    return {
      stepSeconds,
      timestamps: Float64Array.from(timestamps),
      values: Float64Array.from(values),
      warnings: [],
    };
  }

  return {
    async range(request) {
      return spoiltRows(rows(request), sourceFault(world, queryNumber(request.query), 'range'));
    },
    async instant({ query, atSeconds }) {
      const sampleSeconds = Math.min(atSeconds, world.trueSeconds);
      const value = valueAt(query, sampleSeconds);
      const good: InstantResult =
        value === undefined || atSeconds - sampleSeconds > lookbackSeconds
          ? { kind: 'missing', isEmpty: true, reason: 'the query gives no series' }
          : { kind: 'value', value, atSeconds: sampleSeconds };
      return spoiltInstant(good, sourceFault(world, queryNumber(query), 'instant'));
    },
    rateWindowSeconds: () => 60,
  };
}

function spoiltInstant(good: InstantResult, fault: SourceFault | undefined): InstantResult {
  if (fault === undefined) return good;
  const value = good.kind === 'value' ? good.value : 1;
  const atSeconds = good.kind === 'value' ? good.atSeconds : 0;
  switch (fault.kind) {
    case 'throws':
      throw new ForescaleError(fault.code, 'the source is told to fail');
    case 'bug':
    case 'hang':
      throw new TypeError(bugText);
    case 'empty':
      return { kind: 'missing', isEmpty: true, reason: 'the query gives no series' };
    case 'unsorted':
      return { kind: 'missing', isEmpty: false, reason: 'the query gives NaN' };
    case 'value':
      return { kind: 'value', value: fault.value, atSeconds };
    case 'partial and low':
      return { kind: 'value', value: value / 10, atSeconds, isPartial: true };
    case 'another time':
      return { kind: 'value', value, atSeconds: atSeconds - 3600 };
    case 'negative':
      return { kind: 'value', value: -1 - value, atSeconds };
  }
}

function spoiltRows(good: History, fault: SourceFault | undefined): History {
  if (fault === undefined) return good;
  const { timestamps, values } = good;
  switch (fault.kind) {
    case 'throws':
      throw new ForescaleError(fault.code, 'the source is told to fail');
    case 'bug':
    case 'hang':
      throw new TypeError(bugText);
    case 'empty':
      return { ...good, timestamps: new Float64Array(), values: new Float64Array() };
    case 'unsorted':
      return { ...good, timestamps: timestamps.toReversed(), values: values.toReversed() };
    case 'value':
      return { ...good, values: values.map(() => fault.value) };
    case 'partial and low':
      return { ...good, values: values.map((value) => value / 10), warnings: ['partial response'] };
    case 'another time':
      return { ...good, timestamps: timestamps.map((t) => t + 3600) };
    case 'negative':
      return { ...good, values: values.map((value) => -1 - value) };
  }
}
