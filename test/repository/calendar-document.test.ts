import { describe, expect, it } from 'vitest';
import { readCalendar, spanAround } from '../../src/forecast/index.ts';
import { parseServerFile } from '../../src/server/config.ts';
import { fences } from './markdown.ts';

const now = Date.UTC(2026, 10, 1) / 1000;
const example = fences.find(({ path, text }) => path === 'docs/calendar.md' && text.startsWith('calendars:'));

describe('docs/calendar.md', () => {
  it('shows calendars that the server accepts, of every source', async () => {
    const { calendars = [] } = parseServerFile(example?.text ?? '', 'the example');
    const named = calendars.map(({ name }) => name);
    expect(named).toEqual(['de-holidays', 'releases', 'maintenance', 'months', 'campaigns']);
    const readings = await Promise.all(
      calendars
        .filter(({ file, url }) => file === undefined && url === undefined)
        .map((calendar) => readCalendar(calendar, undefined, spanAround(now))),
    );
    expect(readings.map(({ events }) => events.length)).toEqual([expect.any(Number), 73, 3]);
    expect(readings[0]?.events.length).toBeGreaterThan(30);
    expect(readings[2]?.events.map(({ kind, effect }) => [kind, effect.type])).toEqual([
      ['Black Friday', 'given'],
      ['tv', 'learned'],
      ['Load test', 'ignored'],
    ]);
  });
});
