import type { Command } from 'commander';
import { type ExplanationJson, toExplanationJson } from '../../api/answers/explanation-json.ts';
import { distrustWords, partWords } from '../../api/answers/explanation-words.ts';
import {
  createForecaster,
  type ExplainRequest,
  type Forecaster,
  modelOptionsFor,
} from '../../forecast/core/index.ts';
import { replay } from '../../forecast/replay.ts';
import { systemClock } from '../../platform/clock.ts';
import { formatDuration } from '../../platform/duration.ts';
import { formatMoment } from '../../platform/moment.ts';
import { formatNumber, textTable } from '../../platform/terminal/text-table.ts';
import type { CommandIo } from '../command-io.ts';
import { createFlagValues, type FlagValues } from '../flag-values.ts';
import {
  addHistoryOptions,
  type HistoryFlags,
  historyInputHelp,
  loadHistory,
  readHistoryInput,
} from '../history-input.ts';
import { readHorizonSteps } from '../horizon-steps.ts';
import {
  addSeasonOptions,
  explainSeasons,
  readQuantile,
  readSeasonWishes,
  type SeasonFlags,
} from '../model-flags.ts';
import { passTime } from '../time-passed.ts';

interface ExplainFlags extends HistoryFlags, SeasonFlags {
  readonly window?: string;
  readonly horizon?: string;
  readonly quantile: string;
  readonly at?: string;
  readonly json?: boolean;
}

/** What `serve` decides over where nothing is said: its default lead time and lags. */
const usualWindowSeconds = 250;
const namedExperts = 5;

const examples = `${historyInputHelp}

The parts add up to the value: the usual level of demand, what the time of day and of the week add to it, how far the
forecast is from that, and the safety margin. What a running server decided, and why, is at
GET /api/v1/workloads/{namespace}/{name}/explain.

Examples:
  forescale explain --csv requests.csv
  forescale explain --csv requests.csv --at 2026-01-05T08:55Z --window 7m --quantile 0.99
  forescale explain --csv requests.csv --horizon 2h --quantile 0.5 --json
  forescale explain --prometheus http://localhost:9090 --query 'sum(rate(http_requests_total[2m]))' --range 14d
`;

/** `forescale explain`: the parts of a forecast, from a CSV file or a source. */
export function addExplainCommand(command: Command, io: CommandIo): void {
  addSeasonOptions(addHistoryOptions(command))
    .option('--window <duration>', 'explain the bound of the peak within (default: 250s, as serve decides)')
    .option('--horizon <duration>', 'explain the forecast for the moment so far ahead instead')
    .option('--quantile <number>', 'which bound', '0.99')
    .option('--at <time>', 'as of then, using nothing newer (default: the newest row)')
    .option('--json', 'print the explanation as JSON')
    .addHelpText('after', examples)
    .action((flags: ExplainFlags) => run(flags, io));
}

async function run(flags: ExplainFlags, io: CommandIo): Promise<void> {
  const values = createFlagValues('explain');
  const input = readHistoryInput(flags, values);
  const wishes = readSeasonWishes(flags, values);
  const quantile = readQuantile('--quantile', flags.quantile, values);
  const windowSeconds = flags.window === undefined ? undefined : values.seconds('--window', flags.window);
  const horizonSeconds = flags.horizon === undefined ? undefined : values.seconds('--horizon', flags.horizon);
  if (windowSeconds !== undefined && horizonSeconds !== undefined) {
    values.fault('--window', 'cannot be used beside --horizon; explain the peak until then, or that moment');
  }
  const atSeconds = flags.at === undefined ? undefined : values.moment('--at', flags.at);
  values.check();

  // The newest row of a CSV is its present, whenever that is.
  const presentSeconds = input.kind === 'csv' ? Number.POSITIVE_INFINITY : systemClock();
  const history = await loadHistory(input, io, atSeconds ?? presentSeconds);
  const { stepSeconds } = history;
  const forecaster = explainSeasons(() =>
    createForecaster({ stepSeconds, ...modelOptionsFor(wishes, horizonSeconds ?? 0) }),
  );
  const request: ExplainRequest =
    horizonSeconds === undefined
      ? { windowSeconds: readWindow(windowSeconds, forecaster, values), quantile }
      : {
          horizonSteps: readHorizonSteps(
            flags.horizon ?? '',
            horizonSeconds,
            forecaster.gridSeconds,
            values,
            io,
          ),
          quantile,
        };
  await replay(forecaster, history, io.signal === undefined ? {} : { signal: io.signal });
  if (atSeconds !== undefined) passTime(forecaster, atSeconds);
  const explanation = toExplanationJson(forecaster.explain(request));
  io.stdout(flags.json === true ? `${JSON.stringify(explanation)}\n` : forPeople(explanation));
}

/** Within a window shorter than the distance of the rows there is no row that could be the highest. */
function readWindow(wanted: number | undefined, { stepSeconds }: Forecaster, values: FlagValues): number {
  if (wanted === undefined) return Math.max(usualWindowSeconds, stepSeconds);
  if (wanted < stepSeconds) {
    const [window, step] = [formatDuration(wanted), formatDuration(stepSeconds)];
    values.fault('--window', `${window} is shorter than the distance of the rows, ${step}`, window);
  }
  values.check();
  return wanted;
}

function forPeople(explanation: ExplanationJson): string {
  const { summary, origin, components, value, experts, seasons, trust, newest } = explanation;
  if (explanation.status === 'learning') return `${summary}\n`;
  const parts = components.map((part) => [
    partWords[part.name],
    part.value === 0 ? '0' : formatNumber(part.value),
  ]);
  const table = textTable([['part', 'demand'], ...parts, ['together', formatNumber(value ?? Number.NaN)]]);
  const meanings = ['', ...components.map(({ meaning }) => `  ${meaning}`)];
  const lines = table.split('\n').map((line, index) => `${line}${meanings[index] ?? ''}`);
  const facts = [
    ['as of', formatMoment(origin ?? Number.NaN)],
    ['newest', `${said(newest.value)} where ${said(newest.usual)} is usual`],
    ['seasons', seasons.length === 0 ? 'none found' : seasons.map(formatDuration).join(' and ')],
    [
      'experts',
      experts
        .slice(0, namedExperts)
        .map(({ name, weight }) => `${name} ${percentage(weight)}`)
        .join(', '),
    ],
    ...(trust === null ? [] : [['trust', `${percentage(trust)} of the weight in a decision`]]),
    ...accuracyFacts(explanation),
  ];
  return [
    `${summary}\n\n`,
    `${lines.join('\n')}\n`,
    ...facts.map(([name = '', text = '']) => `${`${name}:`.padEnd(10)}${text}\n`),
  ].join('');
}

function accuracyFacts({ accuracy }: ExplanationJson): string[][] {
  if (accuracy === null) return [];
  const { horizonSeconds, wape, relativeToPersistence, relativeToSeasonalNaive, distrust } = accuracy;
  return [
    [
      'accuracy',
      `error ${percentage(wape)} of demand ${formatDuration(horizonSeconds)} ahead, ${said(relativeToPersistence)} × that of assuming no change, ${said(relativeToSeasonalNaive)} × that of repeating the last season`,
    ],
    ...distrust.map((reason) => ['distrust', distrustWords[reason]]),
  ];
}

const said = (value: number | null) => (value === null ? '–' : formatNumber(value));
const percentage = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)}%`);
