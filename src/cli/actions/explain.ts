import { type ExplanationJson, toExplanationJson } from '../../api/answers/explanation-json.ts';
import { distrustWords, partWords } from '../../api/answers/explanation-words.ts';
import type { ExplainRequest, Forecaster } from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import { formatMoment, moment } from '../../platform/moment.ts';
import { formatNumber, formatPercentage, textTable } from '../../platform/terminal/text-table.ts';
import type { CommandIo } from '../command-io.ts';
import type { ExplainFlags } from '../commands/explain.ts';
import { usualWindowSeconds } from '../usual-window.ts';
import { readHorizonSteps } from './horizon-steps.ts';
import { notYet } from './not-yet.ts';
import { openForecaster } from './open-forecaster.ts';
import { explainServed } from './server/explain-served.ts';

const namedExperts = 5;

/** `forescale explain`: the parts of a forecast, from a CSV file or a source. */
export async function explain(flags: ExplainFlags, io: CommandIo): Promise<void> {
  const { workload, windowSeconds, horizonSeconds, json } = flags.values;
  if (workload !== undefined) return explainServed(flags, workload, io);
  if (flags.isGiven('trigger')) flags.wrong('--trigger', 'goes with a workload: NAMESPACE/NAME');
  const atSeconds = momentOf(flags);
  if (windowSeconds !== undefined && horizonSeconds !== undefined) {
    flags.wrong('--window', 'cannot be used beside --horizon; explain the peak until then, or that moment');
  }
  const wanted = { atSeconds, horizonSeconds: horizonSeconds ?? 0 };
  const { forecaster, learn } = await openForecaster(flags, io, wanted);
  const request = readRequest(flags, forecaster, io);
  await learn();
  const explanation = toExplanationJson(forecaster.explain(request));
  if (json) io.stdout(`${JSON.stringify(explanation)}\n`);
  if (explanation.status === 'learning') throw notYet('nothing to explain yet', explanation.reasons);
  if (!json) io.stdout(forPeople(explanation));
}

/** The moment of `--at`. A history has no present from which a time of day could be the last. */
function momentOf(flags: ExplainFlags): number | undefined {
  const { atSeconds } = flags.values;
  if (atSeconds === undefined || typeof atSeconds === 'number') return atSeconds;
  flags.wrong('--at', `a time of day goes with a workload of a server; of a history give ${moment.allowed}`);
  return undefined;
}

function readRequest(flags: ExplainFlags, forecaster: Forecaster, io: CommandIo): ExplainRequest {
  const { horizonSeconds, quantile } = flags.values;
  if (horizonSeconds === undefined) return { windowSeconds: readWindow(flags, forecaster), quantile };
  const horizonSteps = readHorizonSteps(flags, horizonSeconds, forecaster.gridSeconds, io);
  return { horizonSteps, quantile };
}

/** The window to explain. A window shorter than the distance of the rows has no row that could be the highest. */
function readWindow(flags: ExplainFlags, { stepSeconds }: Forecaster): number {
  const { windowSeconds } = flags.values;
  if (windowSeconds === undefined) return Math.max(usualWindowSeconds, stepSeconds);
  if (windowSeconds < stepSeconds) {
    const [window, step] = [formatDuration(windowSeconds), formatDuration(stepSeconds)];
    flags.wrong('--window', `${window} is shorter than the distance of the rows, ${step}`);
  }
  flags.check();
  return windowSeconds;
}

function forPeople(explanation: ExplanationJson): string {
  const { summary, origin, components, value, experts, seasons, newest } = explanation;
  const parts = components.map((part) => [
    partWords[part.name],
    part.value === 0 ? '0' : formatNumber(part.value),
  ]);
  const table = textTable([['part', 'demand'], ...parts, ['together', said(value)]]);
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

const said = (value: number | null) => formatNumber(value ?? Number.NaN);
const percentage = (share: number | null) => formatPercentage(share ?? Number.NaN);
