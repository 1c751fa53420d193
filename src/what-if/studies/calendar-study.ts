import { replayParts } from '../compare.ts';
import { tickSeconds } from '../demand.ts';
import type { Outcome } from '../outcome/tally.ts';
import type { Timeline } from '../outcome/timeline.ts';
import { policies } from '../policies/table.ts';
import { type Question, worldOf } from '../question.ts';
import { createSimulation, type Simulation } from '../simulate.ts';
import { type Finding, judgedTick } from '../study.ts';

/** Short time and replica-hours over some ticks. */
interface AtEvents {
  readonly shortTimeShare: number;
  readonly replicaHours: number;
}

/** What Forescale does without the calendar that the other figures are with, in the judged time. */
export interface CalendarGain {
  readonly without: Outcome;
  /** While events last; null where none is in the judged time. */
  readonly atEvents: {
    /** Hours of them whose demand is known. */
    readonly hours: number;
    readonly with: AtEvents;
    readonly without: AtEvents;
  } | null;
}

/** Forescale without the events of a question, on its way. */
export interface CalendarStudy extends Pick<Simulation, 'advance' | 'doneShare'> {
  /** `finding`: that of Forescale with the events. */
  gain(finding: Finding): CalendarGain;
}

/** Plays Forescale as it comes, and without the events; undefined where there is no event or Forescale is not played. */
export function createCalendarStudy(question: Question): CalendarStudy | undefined {
  const { model: { events = [], ...model } = {}, participants } = question;
  const ours = participants.find(({ name }) => name === 'forescale');
  if (ours === undefined || events.length === 0) return undefined;
  const { demand, sight, scenario } = worldOf({ ...question, model });
  const { forescale } = policies;
  const { startsAt, judge } = replayParts;
  const simulation = createSimulation({
    ...{ demand, sight, startsAt, parts: [judge], hasTimelines: true },
    contests: [{ policy: forescale, scenario, settings: [ours.setting ?? forescale.knob.default] }],
  });
  const [fromTick, toTick] = [judgedTick(demand), demand.ticks.length];
  const judged = events.filter(({ effect }) => effect.type !== 'ignored');
  /** Ticks of events whose demand is known, in the judged time. */
  const ticks = () => {
    const found = new Set<number>();
    for (const { startSeconds, endSeconds } of judged) {
      const begin = Math.max(fromTick, Math.ceil((startSeconds - demand.firstSeconds) / tickSeconds));
      const end = Math.min(toTick, Math.ceil((endSeconds - demand.firstSeconds) / tickSeconds));
      for (let tick = begin; tick < end; tick++) if (!Number.isNaN(demand.ticks[tick])) found.add(tick);
    }
    return [...found];
  };
  const during = (timeline: Timeline, at: readonly number[]): AtEvents => {
    const ready = timeline.ready(fromTick, toTick);
    const existing = timeline.existing(fromTick, toTick);
    const isShort = (tick: number) => demand.ticks[tick]! > ready[tick - fromTick]! * scenario.capacity;
    const replicaTicks = at.reduce((sum, tick) => sum + existing[tick - fromTick]!, 0);
    return {
      shortTimeShare: at.filter(isShort).length / at.length,
      replicaHours: (replicaTicks * tickSeconds) / 3600,
    };
  };
  return {
    advance: simulation.advance,
    get doneShare() {
      return simulation.doneShare;
    },
    gain({ usual }) {
      const [played] = simulation.results()[0]!;
      const at = ticks();
      const [known, blind] = [usual.timeline, played!.timeline];
      if (at.length === 0 || known === undefined || blind === undefined)
        return { without: played!.outcomes[0]!, atEvents: null };
      return {
        without: played!.outcomes[0]!,
        atEvents: {
          hours: (at.length * tickSeconds) / 3600,
          with: during(known, at),
          without: during(blind, at),
        },
      };
    },
  };
}
