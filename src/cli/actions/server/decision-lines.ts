import type { Static } from 'typebox';
import { decisionRows } from '../../../api/rows/decision-rows.ts';
import { writtenRows } from '../../../api/rows/written-rows.ts';
import type { DecisionsSchema } from '../../../api/schemas/decisions.ts';
import { createTimeZone } from '../../../forecast/index.ts';
import { zonedTime } from '../../../platform/moment.ts';
import { formatNumber } from '../../../platform/terminal/text-table.ts';

type Decisions = Static<typeof DecisionsSchema>;
type Decision = Decisions['decisions'][number];
/** Writes one page; the first one has the heading. */
type Print = (page: Decisions, isFirst: boolean) => string | Promise<string>;

/** Writes pages of decisions in a format, with times of a time zone; csv and ndjson are those of the API. */
export function decisionLines(format: 'table' | 'json' | 'csv' | 'ndjson', timeZone: string): Print {
  const { offsetAt } = createTimeZone(timeZone);
  switch (format) {
    case 'json':
      return (page) => `${JSON.stringify(page)}\n`;
    case 'ndjson':
      return (page) => writtenRows(decisionRows(page), 'ndjson', timeZone);
    case 'csv':
      return async (page, isFirst) => {
        const text = await writtenRows(decisionRows(page), 'csv', timeZone);
        return isFirst ? text : text.slice(text.indexOf('\n') + 1);
      };
    case 'table':
      return ({ decisions }, isFirst) => {
        const lines = decisions.map((one) => tableLine(cellsOf(one, zonedTime(one.at, offsetAt(one.at)))));
        return `${isFirst ? tableLine(heading) : ''}${lines.join('')}`;
      };
  }
}

const heading = ['time', 'demand', 'expected', 'bound', 'signal', 'replicas', 'came', 'decided by'];
/** Widths that fit times and numbers of every page, so that pages can be written one after the other. */
const widths = [25, 9, 9, 9, 9, 8, 9];

function tableLine(cells: readonly string[]): string {
  const padded = cells.map((text, index) =>
    index === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[index] ?? 0),
  );
  return `${padded.join('  ').trimEnd()}\n`;
}

function cellsOf(decision: Decision, time: string): readonly string[] {
  const { status, observed, expectedPeak, predictedPeak, signal, replicasAsked, came, basis } = decision;
  const numbers = [observed, expectedPeak, predictedPeak, signal].map(cell);
  const why = [
    status === 'served' ? (basis ?? '') : 'no value for KEDA',
    ...(decision.askedElsewhere ? ['(KEDA asked another replica)'] : []),
    ...decision.reasons.slice(0, 1),
  ].join(' – ');
  return [time, ...numbers, replicasAsked === null ? '–' : String(replicasAsked), cell(came), why];
}

const cell = (value: number | null) => formatNumber(value ?? Number.NaN);
