import type { NothingServed, RecordedDecision, ServedDecision } from '../../../forecast/index.ts';
import type { ColumnCoder } from '../../../platform/storage/columns/column-coder.ts';
import { enoughRatio } from '../../decision/policy.ts';
import { createPlaces, createTextPlaces, type Settings, type Tables } from './chunk-tables.ts';
import { type DecisionKind, kindCode, kindOf, kindOfCode } from './decision-kind.ts';
import { createNumberCoder, type NumberCoder } from './number-coder.ts';
import type { Precision } from './precision.ts';
import { mostNumbers, numbersIn, reasonsOf, templateOf } from './reason-templates.ts';
import { isSameModel, type Model } from './same-model.ts';

const columns = [
  'interval',
  'kind',
  'reasons',
  'isExact',
  'signal',
  'replicasNeeded',
  'observed',
  'wanted',
  'peak',
  'expectedPeak',
  'isRowNew',
  'rowsDistance',
  'isRuleNew',
  'settings',
  'window',
  'askedLevel',
  'askedFactor',
  'margin',
  'headroom',
  'trust',
  'cap',
  'replicas',
  'isModelNew',
  'level',
  'withDay',
  'withWeek',
  'experts',
  'name',
  'percent',
  'number',
] as const;
/** The place of each column; those of the numbers in reasons come last. */
const at = Object.fromEntries(columns.map((name, index) => [name, index])) as Readonly<
  Record<(typeof columns)[number], number>
>;
export const columnCount = columns.length + mostNumbers;

const mostExperts = 3;

/** What seldom changes from one decision to the next. */
const ruleNames = [
  'threshold',
  'hpaTolerance',
  'serviceLevel',
  'windowSeconds',
  'askedLevel',
  'askedFactor',
  'margin',
  'headroom',
  'trust',
  'cap',
  'replicas',
] as const;
type Rule = Pick<ServedDecision, (typeof ruleNames)[number]>;

/** What codes the decisions of one chunk, and what a decision has from the one before it because it seldom changes. */
interface RowCoding {
  readonly coder: ColumnCoder;
  readonly number: NumberCoder;
  readonly tables: Tables;
  readonly precision: Precision;
  readonly places: {
    readonly settings: (entry: Settings) => number;
    readonly kinds: (entry: number) => number;
    readonly reasons: (entry: string) => number;
    readonly names: (entry: string) => number;
  };
  /** The time before, in units since the start. */
  units: number;
  /** Time of the newest row that was learned, seconds since the start. */
  row: number;
  rule: Rule | undefined;
  model: Model | undefined;
  /** The decision that was written last, by which a writer sees what is new; undefined in a reader. */
  written: ServedDecision | undefined;
}

/**
 * Codes the decisions of a chunk one after the other. A writer is given each decision; a reader gives it. Layout and order of what is
 * written are declared once for both, so that they agree.
 */
export function createRowCoder(
  coder: ColumnCoder,
  tables: Tables,
  precision: Precision,
): (given?: RecordedDecision) => RecordedDecision {
  const coding: RowCoding = {
    coder,
    number: createNumberCoder(coder, precision),
    tables,
    precision,
    places: {
      settings: createPlaces(tables.settings),
      kinds: createPlaces(tables.kinds),
      reasons: createTextPlaces(tables.reasons),
      names: createPlaces(tables.names),
    },
    units: 0,
    row: 0,
    rule: undefined,
    model: undefined,
    written: undefined,
  };
  return (given) => codeRow(coding, given);
}

function codeRow(coding: RowCoding, given: RecordedDecision | undefined): RecordedDecision {
  const atSeconds = codeTime(coding, given?.atSeconds);
  const { kind, reasons } = codeState(coding, given);
  const { basis, fresh, active } = kind;
  const where = kind.elsewhere ? ({ elsewhere: true } as const) : {};
  if (basis === 'none') return { kind: 'none', atSeconds, reasons, ...where } satisfies NothingServed;
  const served = given?.kind === 'served' ? given : undefined;
  const rule = codeRule(coding, served);
  const demand = codeDemand(coding, kind, atSeconds, rule, served);
  const model = codeModel(coding, served);
  coding.written = served;
  return {
    kind: 'served',
    atSeconds,
    fresh,
    active,
    ...demand,
    ...rule,
    ...model,
    basis,
    fallbackReasons: reasons,
    ...where,
  };
}

function codeState({ coder, places, tables }: RowCoding, given: RecordedDecision | undefined) {
  const template = templateOf(given?.kind === 'served' ? given.fallbackReasons : (given?.reasons ?? []));
  const kindPlace = given === undefined ? 0 : places.kinds(kindCode(kindOf(given)));
  const code = tables.kinds[coder.near(at.kind, kindPlace)] ?? 0;
  const textPlace = given === undefined ? 0 : places.reasons(template.text);
  const text = tables.reasons[coder.near(at.reasons, textPlace)] ?? '';
  const numbers = Array.from({ length: Math.min(mostNumbers, numbersIn(text)) }, (_, index) =>
    coder.near(at.number + index, template.numbers[index] ?? 0),
  );
  return { kind: kindOfCode(code), reasons: reasonsOf(text, numbers) };
}

function codeTime(coding: RowCoding, given: number | undefined): number {
  const { coder, precision, tables } = coding;
  const sinceStart = given === undefined ? 0 : given - tables.startSeconds;
  // A difference of unix seconds is exact to less than a millionth.
  const units = Math.floor((sinceStart + 1e-6) * precision.unitsPerSecond);
  coding.units += coder.near(at.interval, units - coding.units);
  // In this order the double is the one that the clock gave.
  return (tables.startSeconds * precision.unitsPerSecond + coding.units) / precision.unitsPerSecond;
}

type Demand = Pick<
  ServedDecision,
  'signal' | 'observed' | 'wanted' | 'predictedPeak' | 'expectedPeak' | 'dataAgeSeconds'
>;

function codeDemand(
  coding: RowCoding,
  kind: DecisionKind,
  atSeconds: number,
  { threshold, hpaTolerance }: Rule,
  given: ServedDecision | undefined,
): Demand {
  const { number } = coding;
  const tolerance = kind.signal === 'half-raised' ? enoughRatio * hpaTolerance : hpaTolerance;
  const signal = kind.signal.endsWith('raised')
    ? number.raised(at.replicasNeeded, threshold, tolerance, given?.signal)
    : number.signal(at.isExact, at.signal, threshold, given?.signal);
  // Rounding must not show an observed demand above the signal, which it never was.
  const most = kind.fresh ? signal : Number.POSITIVE_INFINITY;
  const observed =
    kind.signal === 'observed' ? signal : Math.min(most, number.demand(at.observed, given?.observed));
  const forecast = kind.hasForecast ? codeForecast(coding, kind, signal, atSeconds, given) : noForecast;
  const { predictedPeak = observed } = forecast;
  return {
    signal,
    observed,
    wanted: wantedOf(kind, { signal, observed, predictedPeak }, () =>
      Math.max(observed, number.demand(at.wanted, given?.wanted)),
    ),
    ...forecast,
  };
}

function wantedOf(
  kind: DecisionKind,
  { signal, observed, predictedPeak }: Record<'signal' | 'observed' | 'predictedPeak', number>,
  own: () => number,
): number {
  if (kind.signal === 'wanted') return signal;
  if (kind.wanted === 'observed') return observed;
  return kind.wanted === 'peak' ? predictedPeak : own();
}

type Forecast = Pick<ServedDecision, 'predictedPeak' | 'expectedPeak' | 'dataAgeSeconds'>;
const noForecast: Forecast = { predictedPeak: undefined, expectedPeak: undefined, dataAgeSeconds: undefined };

function codeForecast(
  coding: RowCoding,
  kind: DecisionKind,
  signal: number,
  atSeconds: number,
  given: ServedDecision | undefined,
): Forecast {
  const { coder, number, tables } = coding;
  const isSignal = kind.signal === 'wanted' && kind.wanted === 'peak';
  const peak = isSignal ? signal : number.demand(at.peak, given?.predictedPeak);
  const age = given?.dataAgeSeconds ?? 0;
  const row = given === undefined ? 0 : Math.round(given.atSeconds - age - tables.startSeconds);
  if (coder.flag(at.isRowNew, row !== coding.row)) {
    coding.row += coder.near(at.rowsDistance, row - coding.row);
  }
  return {
    predictedPeak: peak,
    expectedPeak: number.shareOf(at.expectedPeak, peak, given?.expectedPeak),
    dataAgeSeconds: Math.max(0, atSeconds - tables.startSeconds - coding.row),
  };
}

/** How the bound was asked for, and what was made of it. */
function codeRule(coding: RowCoding, given: ServedDecision | undefined): Rule {
  const { coder, number, tables, places, rule, written } = coding;
  const isNew = coder.flag(at.isRuleNew, written === undefined || !isSameRule(written, given));
  if (rule !== undefined && !isNew) return rule;
  const place = given && places.settings([given.threshold, given.hpaTolerance, given.serviceLevel]);
  const [threshold = 1, hpaTolerance = 0, serviceLevel = 0] =
    tables.settings[coder.near(at.settings, place ?? 0)] ?? [];
  coding.rule = {
    threshold,
    hpaTolerance,
    serviceLevel,
    windowSeconds: number.thousandths(at.window, given?.windowSeconds),
    askedLevel: number.level(at.askedLevel, given?.askedLevel),
    askedFactor: number.thousandths(at.askedFactor, given?.askedFactor),
    margin: number.thousandths(at.margin, given?.margin),
    headroom: number.thousandths(at.headroom, given?.headroom),
    trust: number.thousandthsOrNone(at.trust, given?.trust),
    cap: number.demandOrNone(at.cap, given?.cap),
    replicas: number.wholeOrNone(at.replicas, given?.replicas),
  };
  return coding.rule;
}

function isSameRule(before: ServedDecision, given: ServedDecision | undefined): boolean {
  return given === undefined || ruleNames.every((name) => before[name] === given[name]);
}

/** What the model said is usual, and which of its experts count most. */
function codeModel(coding: RowCoding, given: ServedDecision | undefined): Model {
  const { coder, number, tables, places, model, written } = coding;
  const isNew = coder.flag(at.isModelNew, written === undefined || !isSameModel(written, given));
  if (model !== undefined && !isNew) return model;
  const usual = given?.usual;
  const level = number.demandOrNone(at.level, usual?.level);
  const experts = (given?.experts ?? []).slice(0, mostExperts);
  const count = coder.near(at.experts, experts.length);
  coding.model = {
    usual:
      level === undefined
        ? undefined
        : usualOf(
            level,
            number.demand(at.withDay, usual && usual.level + usual.day),
            number.demand(at.withWeek, usual && usual.level + usual.day + usual.week),
          ),
    experts: Array.from({ length: count }, (_, index) => {
      const expert = experts[index];
      return {
        name: tables.names[coder.near(at.name, expert === undefined ? 0 : places.names(expert.name))] ?? '',
        percent: coder.near(at.percent, expert?.percent ?? 0),
      };
    }),
  };
  return coding.model;
}

function usualOf(level: number, withDay: number, withWeek: number) {
  return { level, day: withDay - level, week: withWeek - withDay };
}
