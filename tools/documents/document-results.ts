import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../src/cli/run.ts';
import { judgeDay, scene, simulateDay } from './document-day.ts';
import { trafficCsv } from './document-traffic.ts';

/**
 * Writes the numbers of the README's results, by running the commands they come with: `node tools/documents/document-results.ts`.
 * A test makes them again and compares.
 */
const readme = fileURLToPath(new URL('../../README.md', import.meta.url));

/** Real traffic of several kinds, some of which the forecast loses. */
const traces = [
  ['svc-ms-mongo-app-02-1m', 'queries of a Microsoft service'],
  ['demand-nyc-taxi-a-30m', 'taxi passengers in New York'],
  ['llm-servegen-small-31-10m', 'requests to a language model'],
  ['cloud-crane-06-1m', 'bursts without a season'],
] as const;
const tracesFolder = fileURLToPath(new URL('../../bench/traces/', import.meta.url));

const tableHead = ['forecast', 'persistence', 'day before', 'week before'];

/** Tables of the README, by the marker they stand between: of what is made here. */
export async function madeTables(): Promise<ReadonlyMap<string, string>> {
  const made = await backtest('-', ['5m', '30m', '1h', '2h', '6h', '24h'], trafficCsv());
  return new Map([
    ['made', errorTable('ahead', made)],
    ['day', await dayTable()],
  ]);
}

/** The README's table of real traffic, by its marker, from the traces of the repository. */
export async function traceTables(): Promise<ReadonlyMap<string, string>> {
  const rows: string[][] = [];
  for (const [file, what] of traces) {
    for (const [horizon, ...errors] of await backtest(join(tracesFolder, `${file}.csv`), ['1h', '24h'])) {
      rows.push([`${what} (\`${file}\`), ${horizon}`, ...errors]);
    }
  }
  return new Map([['traces', errorTable('trace, ahead', rows)]]);
}

/** `text` with what is between the markers of each table replaced. Throws where a marker is missing. */
export function withTables(text: string, tables: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [name, table] of tables) {
    const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
    const [from, to] = [result.indexOf(begin), result.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`no ${begin.trim()} … ${end} in the README`);
    result = `${result.slice(0, from + begin.length)}\n${table}\n${result.slice(to)}`;
  }
  return result;
}

/** Horizon, and WAPE of the forecast, persistence, day before and week before: the first table of `forescale backtest`. */
async function backtest(
  csv: string,
  horizons: readonly string[],
  lines: Iterable<string> = [],
): Promise<string[][]> {
  let stdout = '';
  let stderr = '';
  const exitCode = await runCli(['backtest', '--csv', csv, '--horizons', horizons.join(',')], {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    stdin: toBytes(lines),
    isTty: false,
    env: {},
  });
  const rows = stdout
    .split('\n\n')[1]
    ?.split('\n')
    .slice(2)
    .map((line) => line.trim().split(/ {2,}/))
    .map(([horizon = '', _count = '', ...errors]) => [horizon, ...errors.slice(0, tableHead.length)]);
  if (exitCode !== 0 || rows === undefined || rows.length === 0)
    throw new Error(`backtest of ${csv} ended with ${exitCode}: ${stderr}${stdout}`);
  return rows;
}

async function* toBytes(lines: Iterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const line of lines) yield encoder.encode(line);
}

async function dayTable(): Promise<string> {
  const day = await simulateDay();
  const { forescale, reactive, cautious } = judgeDay(day);
  const { targetRequestsPerSecond, cautiousTargetRequestsPerSecond } = scene;
  const head = ['HPA follows', 'target a replica', `minutes short, of ${day.length}`, 'replica hours'];
  const rows = [
    { what: 'the signal of Forescale', target: targetRequestsPerSecond, ...forescale },
    { what: 'what is observed', target: targetRequestsPerSecond, ...reactive },
    { what: 'what is observed', target: cautiousTargetRequestsPerSecond, ...cautious },
  ];
  return markdownTable(
    head,
    rows.map(({ what, target, shortMinutes, replicaHours }) => [
      what,
      `${target} requests/s`,
      String(shortMinutes),
      replicaHours.toFixed(0),
    ]),
  );
}

/** The best of each row in bold: it is not always the forecast. */
function errorTable(first: string, rows: readonly (readonly string[])[]): string {
  const marked = rows.map(([name = '', ...errors]) => {
    const best = Math.min(...errors.map(Number.parseFloat).filter(Number.isFinite));
    return [name, ...errors.map((error) => (Number.parseFloat(error) === best ? `**${error}**` : error))];
  });
  return markdownTable([first, ...tableHead], marked);
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const ruler = head.map((_, column) => (column === 0 ? ':--' : '--:'));
  return `${[head, ruler, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

if (import.meta.main) {
  const tables = new Map([...(await madeTables()), ...(await traceTables())]);
  writeFileSync(readme, withTables(readFileSync(readme, 'utf8'), tables));
  process.stdout.write(`written: ${[...tables.keys()].join(', ')}\n`);
}
