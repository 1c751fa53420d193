import { runBenchmark } from '../benchmark.ts';
import { opponents } from '../opponents/table.ts';
import { syntheticPack } from '../replay/synthetic-pack.ts';
import { toMarkdown } from './markdown.ts';
import { calibrationSections, errorSection } from './sections-accuracy.ts';
import { opponentSection } from './sections-opponents.ts';

/** Distance of two origins: long enough that the work takes seconds, short enough that every hour and weekday has origins. */
const everySeconds = 1800;

/** The tables of the made series in the document, by the marker they stand between. */
export async function madeBenchmarkTables(): Promise<ReadonlyMap<string, string>> {
  const report = await runBenchmark({
    traces: syntheticPack().map(({ trace }) => trace),
    parts: ['accuracy', 'opponents'],
    opponents: Object.entries(opponents).flatMap(([name, { kind }]) => (kind === 'streaming' ? [name] : [])),
    originsAtMost: 0,
    everySeconds,
    startUpsSeconds: [],
    damagePlaces: 0,
    isShort: true,
  });
  const { results, summary, comparisons, skipped } = report;
  const sections = [
    errorSection(results, summary),
    opponentSection(comparisons, skipped),
    ...calibrationSections(results, summary),
  ];
  return new Map([['made', toMarkdown(sections, 3)]]);
}
