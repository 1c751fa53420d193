import { join } from 'node:path';
import { measureMoney, type TraceMoney } from '../../bench/money/measure-money.ts';
import { readTrace } from '../../bench/replay/trace.ts';
import { markdownTable } from '../../bench/report/markdown.ts';
import { horizonLabel, share } from '../../bench/report/report.ts';
import { tracesFolder, traces as tracesWithNames } from './repository-traces.ts';

const startUpsSeconds = [120, 300, 600, 1200, 1800];

/**
 * The README's table of money, by its marker: what Forescale's default costs beside the reactive rule on the traces of the repository
 * that are fine and long enough, by the start-up of a replica.
 */
export async function moneyTables(): Promise<ReadonlyMap<string, string>> {
  const columns: { readonly what: string; readonly money: readonly TraceMoney[] }[] = [];
  for (const [file, what] of tracesWithNames) {
    const trace = await readTrace(join(tracesFolder, `${file}.csv`));
    const money = await measureMoney(trace, { startUpsSeconds, isShort: true });
    if (money.length > 0) columns.push({ what, money });
  }
  const head = ['a replica is ready after', ...columns.map(({ what }) => what)];
  const rows = startUpsSeconds.map((seconds, index) => [
    horizonLabel(seconds),
    ...columns.map(({ money }) => cellOf(money[index])),
  ]);
  return new Map([['money', markdownTable([head, ...rows])]]);
}

function cellOf(money: TraceMoney | undefined): string {
  const ours = money?.policies.find(({ policy }) => policy === 'forescale')?.atDefault;
  if (money === undefined || ours === undefined) throw new Error('nothing was measured');
  const short = share(ours.shortTimeShare, 2);
  const { againstReactive } = money;
  if (againstReactive === undefined) return `${short} short, which no target reaches`;
  const saved = 100 * (againstReactive - 1);
  return `${short} short for ${Math.abs(saved).toFixed(0)}% ${saved < 0 ? 'less' : 'more'}`;
}
