import { describe, expect, it } from 'vitest';
import { drawRun } from '../../../tools/documents/cluster/draw-run.ts';
import { columns, type RecordedRun, secondsOf } from '../../../tools/documents/cluster/recorded-run.ts';
import { runTable } from '../../../tools/documents/cluster/run-table.ts';

/** Demand rises from 10 to 40 requests per second; the twin's pods come ten seconds late. */
const run: RecordedRun = {
  recorded: '2026-11-30',
  scenario: { daySeconds: 240, targetRequestsPerSecond: 10, capacityRequestsPerSecond: 15 },
  found: {
    shed: {
      line: 'Forescale 0 of 100, twin 7 | of 100',
      ours: { requests: 100, shed: 0 },
      twin: { requests: 100, shed: 7 },
    },
  },
  rows: Array.from({ length: 31 }, (_, second) => {
    const [ready, twin] = [second < 5 ? 2 : 4, second < 15 ? 1 : 4];
    // Prometheus is away for eight seconds, and misses one scrape later.
    const signal = (second >= 10 && second < 18) || second === 25 ? null : 42;
    return [6 + second / 10, 10 + second, signal, ready, 4, 0, twin, 4, second < 15 ? 2 : 0];
  }),
};

describe('a run in a real cluster', () => {
  it('is read by the names of its columns', () => {
    expect(columns).toHaveLength(run.rows[0]?.length ?? 0);
    expect(secondsOf(run)[1]).toEqual({
      hour: 6.1,
      demand: 11,
      isObserved: true,
      ready: 2,
      shed: 0,
      twinReady: 1,
      twinShed: 2,
    });
  });

  it('is drawn with a corner for each change of ready pods, and a bar for each second with rejected requests', () => {
    const picture = drawRun(run);
    const path = (name: string) => new RegExp(`<path class="${name}" d="(M[^"]*)"/>`).exec(picture)?.[1];
    // Legends have a stroke of 22 pixels by the same class; the line of the run is the longer one.
    const lines = [...picture.matchAll(/<path class="(ready|twin|needed)" d="(M[^"]*H976)"/g)];
    expect(path('ready')).toBeDefined();
    expect(Object.fromEntries(lines.map(([, name, d = '']) => [name, d.split('V').length - 1]))).toEqual({
      ...{ needed: 3, twin: 1, ready: 1 },
    });
    expect(/<g class="twin-shed">(.*)<\/g>/.exec(picture)?.[1]?.match(/<rect/g)).toHaveLength(15);
    expect(/<g class="shed">(.*)<\/g>/.exec(picture)?.[1]).toBe('');
    expect(picture).toContain('reactive twin: 7 of 100');
    expect(picture).not.toContain('NaN');
  });

  it('is drawn with a band while Prometheus is away', () => {
    expect([...drawRun(run).matchAll(/<rect class="away" [^>]*height="270"/g)]).toHaveLength(1);
  });

  it('is a table of what each assertion saw', () => {
    expect(runTable(run).split('\n').at(-1)).toBe('| shed | Forescale 0 of 100, twin 7 \\| of 100 |');
  });
});
