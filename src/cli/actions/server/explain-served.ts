import type { Static } from 'typebox';
import { ExplanationSchema } from '../../../api/schemas/explanation.ts';
import { RecordedExplanationSchema } from '../../../api/schemas/recorded-explanation.ts';
import { systemClock } from '../../../platform/clock.ts';
import { formatMoment } from '../../../platform/moment.ts';
import { formatNumber, textTable } from '../../../platform/terminal/text-table.ts';
import type { CommandIo } from '../../command-io.ts';
import type { ExplainFlags } from '../../commands/explain.ts';
import { lastTimeOfDay } from './local-time.ts';
import { createServerClient } from './server-client.ts';
import { workloadPath } from './workload-path.ts';

type Recorded = Static<typeof RecordedExplanationSchema>;
type Explained = Static<typeof ExplanationSchema>;

/** `forescale explain NAMESPACE/NAME`: what a running server decided, now or at a moment of its record. */
export async function explainServed(
  flags: ExplainFlags,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  io: CommandIo,
): Promise<void> {
  const { atSeconds, timeZone = 'UTC', trigger, json } = flags.values;
  refuseHistory(flags);
  const client = createServerClient(flags, io);
  try {
    const path = workloadPath({ namespace, name }, 'explain');
    const parameters = new URLSearchParams(trigger === undefined ? {} : { trigger });
    if (atSeconds === undefined) {
      const explained = await client.get(pathWith(path, parameters), ExplanationSchema);
      io.stdout(json ? `${JSON.stringify(explained)}\n` : nowForPeople(explained));
      return;
    }
    const at = typeof atSeconds === 'number' ? atSeconds : lastTimeOfDay(atSeconds, timeZone, systemClock());
    parameters.set('at', String(at));
    const recorded = await client.get(pathWith(path, parameters), RecordedExplanationSchema);
    io.stdout(json ? `${JSON.stringify(recorded)}\n` : forPeople(recorded));
  } finally {
    await client.close();
  }
}

/** A server explains what it decided, not what a history would have made it decide. */
function refuseHistory(flags: ExplainFlags): void {
  const others = [
    'csv',
    'query',
    'calendar',
    'windowSeconds',
    'horizonSeconds',
    'quantile',
    'seasonsSeconds',
  ] as const;
  for (const name of others) {
    if (!flags.isGiven(name)) continue;
    flags.wrong(
      `--${name.replace('Seconds', '')}`,
      'goes with a history; a workload is explained as it was served',
    );
  }
}

function pathWith(path: string, parameters: URLSearchParams): string {
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

function forPeople({ summary, recorded, parts, boundParts, record }: Recorded): string {
  const { signal, predictedPeak, precision, madeAt, experts, reasons } = recorded;
  const facts = [
    ['decided', `${formatMoment(madeAt)}${precision === 'exact' ? '' : `, kept as ${precision}`}`],
    ...(experts.length === 0
      ? []
      : [['models', experts.map(({ name, percent }) => `${name} ${percent}%`).join(', ')]]),
    ...reasons.map((reason) => ['reason', reason]),
    ...(record.warning === null ? [] : [['warning', record.warning]]),
  ];
  return [
    `${summary}\n`,
    partsTable('value', parts, signal),
    partsTable('bound', boundParts, predictedPeak),
    '\n',
    ...facts.map(([name = '', text = '']) => `${`${name}:`.padEnd(9)}${text}\n`),
  ].join('');
}

/** Parts that are not 0, with what each is, and their sum. */
function partsTable(
  title: string,
  parts: readonly { readonly name: string; readonly value: number; readonly meaning: string }[],
  sum: number | null,
): string {
  const shown = parts.filter(({ value }) => value !== 0);
  if (sum === null || shown.length === 0) return '';
  const rows = shown.map(({ name, value }) => [name, formatNumber(value)]);
  const table = textTable([[`part of the ${title}`, 'demand'], ...rows, ['together', formatNumber(sum)]]);
  const meanings = ['', ...shown.map(({ meaning }) => `  ${meaning}`)];
  return `\n${table
    .trimEnd()
    .split('\n')
    .map((line, index) => `${line}${meanings[index] ?? ''}\n`)
    .join('')}`;
}

function nowForPeople({ summary, forecast, decision }: Explained): string {
  // Nothing is planned for where nothing is served.
  if (decision === null) return `${summary}\n`;
  const { askedFactor } = decision;
  const value = forecast.value ?? Number.NaN;
  const less = {
    name: 'askedFactor',
    value: (askedFactor - 1) * value,
    meaning: 'taken off, because less time was short than is allowed',
  };
  const bound = partsTable('bound', [...forecast.components, less], askedFactor * value);
  return `${summary}\n${forecast.value === null ? '' : bound}\ndecided: ${formatMoment(decision.at)}\n`;
}
