import type { BenchReport } from '../benchmark.ts';
import { longHorizonsSeconds, shortHorizonsSeconds } from '../horizons.ts';
import { damages } from '../robustness/damage.ts';
import { ratio, type Section, share } from './report.ts';
import { summariseComparisons } from './sections-opponents.ts';
import { meanOf, wapeDamages } from './sections-robustness.ts';

/** One promise of the project and whether this run kept it. */
export interface Verdict {
  readonly bar: string;
  readonly wanted: string;
  readonly measured: string;
  readonly verdict: 'met' | 'missed' | 'not measured';
}

interface Bar {
  readonly bar: string;
  readonly wanted: string;
  /** The measured figure; NaN = not measured in this run. */
  readonly value: number;
  readonly isMet: (value: number) => boolean;
  readonly show: (value: number) => string;
}

const allHorizons = [...shortHorizonsSeconds, ...longHorizonsSeconds];
const three = (value: number) => ratio(value, 3);
const points = (value: number) => `${ratio(100 * value)} points`;

/** Every promise ("bar") with its figure and whether it is kept. */
export function verdicts(report: BenchReport): Verdict[] {
  return barsOf(report).map(({ bar, wanted, value, isMet, show }) => ({
    bar,
    wanted,
    measured: Number.isNaN(value) ? '–' : show(value),
    verdict: Number.isNaN(value) ? 'not measured' : isMet(value) ? 'met' : 'missed',
  }));
}

export function verdictSection(report: BenchReport): Section {
  const all = verdicts(report);
  const measured = all.filter(({ verdict }) => verdict !== 'not measured');
  const left = all.length - measured.length;
  return {
    title: 'The bars',
    notes: [
      `${measured.filter(({ verdict }) => verdict === 'met').length} of ${measured.length} met${left === 0 ? '' : `; ${left} more are not measured by this run`}.`,
    ],
    rows: [
      ['bar', 'wanted', 'measured', 'verdict'],
      ...measured.map(({ bar, wanted, measured: figure, verdict }) => [bar, wanted, figure, verdict]),
    ],
  };
}

function barsOf(report: BenchReport): Bar[] {
  return [
    ...errorBars(report),
    ...opponentBars(report),
    ...calibrationBars(report),
    ...calendarBars(report),
    ...otherBars(report),
  ];
}

function atMost(bar: string, limit: number, value: number | undefined, show = three): Bar {
  return {
    bar,
    wanted: `≤ ${show(limit)}`,
    value: value ?? Number.NaN,
    isMet: (figure) => figure <= limit,
    show,
  };
}

function atLeast(bar: string, limit: number, value: number | undefined, show = three): Bar {
  return {
    bar,
    wanted: `≥ ${show(limit)}`,
    value: value ?? Number.NaN,
    isMet: (figure) => figure >= limit,
    show,
  };
}

function within(bar: string, limit: number, value: number | undefined): Bar {
  const show = (figure: number) => `${figure > 0 ? '+' : ''}${ratio(figure, 4)}`;
  return {
    bar,
    wanted: `± ${limit}`,
    value: value ?? Number.NaN,
    isMet: (figure) => Math.abs(figure) <= limit,
    show,
  };
}

function errorBars({ summary, results }: BenchReport): Bar[] {
  const worst = summary.byTrace[0];
  return [
    atMost('error ÷ best naive, 5m–1h', 0.78, summary.shortRatio),
    atMost('error ÷ best naive, 3–24h', 0.88, summary.longRatio),
    atMost(
      `worst trace over all horizons${worst === undefined ? '' : ` (${worst.name})`}`,
      1.05,
      worst?.ratio,
    ),
    {
      bar: 'cells worse than a naive beyond chance',
      wanted: '0',
      value: results.length === 0 ? Number.NaN : summary.flagged.length,
      isMet: (count) => count === 0,
      show: String,
    },
  ];
}

function opponentBars({ comparisons }: BenchReport): Bar[] {
  const of = (name: string) => summariseComparisons(comparisons).find(({ opponent }) => opponent === name);
  const lower = (value: number) => `${ratio(100 * value, 1)}% lower`;
  const gain = (name: string) => 1 - (of(name)?.ratioOver(allHorizons) ?? Number.NaN);
  return [
    atLeast('MAE against augurs MSTL+ETS (log1p)', 0.18, gain('augurs-mstl'), lower),
    atLeast(
      'CPU of augurs a forecast ÷ ours',
      20,
      of('augurs-mstl')?.costRatio,
      (value) => `${ratio(value, 0)}×`,
    ),
    atLeast('MAE against Prophet', 0.3, gain('prophet'), lower),
  ];
}

/** The bar is for the two traces of people on the move in a known country; all others are only shown. */
function calendarBars({ calendar }: BenchReport): Bar[] {
  const of = (part: string) => calendar.find(({ name }) => name.includes(part));
  return ['taxi', 'bike'].flatMap((part) => [
    atMost(`error on holidays ÷ without a calendar (${part})`, 0.75, of(part)?.onHolidays.all),
    atMost(`error on other days ÷ without a calendar (${part})`, 1.005, of(part)?.onOtherDays.all),
  ]);
}

function calibrationBars({ summary }: BenchReport): Bar[] {
  const { absolute, signed, rising, peaks, lossRatios, traces } = summary.calibration;
  const [at90, at95, at99] = traces === 0 ? [] : absolute;
  const [signed90, signed95, signed99] = traces === 0 ? [] : signed;
  const four = (value: number) => ratio(value, 4);
  return [
    atMost('mean |coverage − .90|', 0.009, at90, four),
    atMost('mean |coverage − .95|', 0.007, at95, four),
    atMost('mean |coverage − .99|', 0.004, at99, four),
    within('mean signed error at .90', 0.004, signed90),
    within('mean signed error at .95', 0.004, signed95),
    within('mean signed error at .99', 0.004, signed99),
    atLeast('.95 on rising hours covers', 0.92, rising, (value) => share(value)),
    within('peaks of 5–30 min: .95 covers, less nominal', 0.01, peaks[1]! - 0.95),
    within('peaks of 5–30 min: .99 covers, less nominal', 0.004, peaks[2]! - 0.99),
    atMost('pinball at .95 ÷ the better seasonal naive’s', 0.75, lossRatios[1]),
  ];
}

function otherBars({ robustness, hourly, cost }: BenchReport): Bar[] {
  const shift = meanOf(robustness, 'levelShift', ({ coverage }) => coverage);
  const signedPercent = (value: number) => `${value > 0 ? '+' : ''}${ratio(100 * value)}%`;
  return [
    ...wapeDamages.map((damage) => {
      const worst = Math.max(
        ...robustness.filter((one) => one.damage === damage).map(({ wapeChange }) => wapeChange),
      );
      return {
        ...atMost(
          `WAPE at 30 min after ${damages[damage].title}, mean over series`,
          0.015,
          meanOf(robustness, damage, ({ wapeChange }) => wapeChange),
          points,
        ),
        show: (value: number) => `${points(value)}, worst ${ratio(100 * worst)}`,
      };
    }),
    {
      bar: 'coverage of .95, 24–48 h after a shift ×1.5',
      wanted: '95% ± 3',
      value: shift,
      isMet: (covered) => Math.abs(covered - 0.95) <= 0.03,
      show: (covered) => share(covered),
    },
    atLeast(
      'clipped rows change the median by',
      -0.02,
      meanOf(robustness, 'clipped', ({ medianChange }) => medianChange),
      signedPercent,
    ),
    atLeast(
      'clipped rows change the .95 by',
      -0.02,
      meanOf(robustness, 'clipped', ({ boundChange }) => boundChange),
      signedPercent,
    ),
    atMost('hourly windows: MASE ÷ daily seasonal naive’s', 0.8, hourly?.maseRatio),
    within(
      'hourly windows: 95% interval covers, less nominal',
      0.03,
      (hourly?.coverage ?? Number.NaN) - 0.95,
    ),
    atMost(
      'a step + forecast of 288 steps, many series in turn',
      100,
      cost?.inTurn.at(-1)?.stepAndForecastMicroseconds,
      (value) => `${ratio(value, 0)} µs`,
    ),
    atMost('cold start from 28 days at 5 min', 150, cost?.coldStartMs, (value) => `${ratio(value, 0)} ms`),
    atMost(
      'memory of a series after 15 days',
      60,
      cost && Math.max(...cost.memory.map(({ kilobytes }) => kilobytes)),
      (value) => `${ratio(value, 0)} KB`,
    ),
  ];
}
