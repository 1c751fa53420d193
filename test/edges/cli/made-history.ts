import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkingWeek } from '../../../src/load-shapes/index.ts';

/** Monday 2026-01-05T00:00Z. */
export const monday = 1_767_571_200;

/** Rows of a working week, `stepSeconds` apart, from `monday`. */
export function workingWeekRows(days: number, stepSeconds: number): (readonly [number, number])[] {
  const rateAt = createWorkingWeek({ peakRequestsPerSecond: 100, seed: 1 });
  return Array.from({ length: Math.round((days * 86_400) / stepSeconds) }, (_, row) => {
    const unixSeconds = monday + row * stepSeconds;
    return [unixSeconds, rateAt(unixSeconds)] as const;
  });
}

export function csvOf(rows: readonly (readonly [number, number])[]): string {
  return `timestamp,value\n${rows.map(([t, value]) => `${t},${value}`).join('\n')}\n`;
}

/** A folder of its own with files; `remove` it afterwards. */
export function temporaryFolder(): { file(name: string, text: string): string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
  return {
    file(name, text) {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
