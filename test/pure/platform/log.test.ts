import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/platform/log.ts';

/** The lines that a logger of this format writes for one event. */
function linesOf(format: 'json' | 'text', fields: object, event: string): string {
  let text = '';
  const write = (line: string) => {
    text += line;
  };
  createLogger({ name: 'forescale', level: 'debug', format, to: { write } }).warn(fields, event);
  return text;
}

describe('the log as text', () => {
  it('has one line for each event: time, level, event and fields', () => {
    expect(linesOf('text', { namespace: 'shop', query: 'sum(x)', failures: 3 }, 'refresh-failed')).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARN {2}refresh-failed namespace=shop query="sum\(x\)" failures=3\n$/,
    );
  });

  it('lets no value begin a line, look like another field or steer the terminal', () => {
    const error = 'a\n2026 ERROR b=1 \u001b[2J\u009b2J\u202e "quoted"';
    const text = linesOf('text', { error, empty: '', nested: { a: [1] }, none: null }, 'odd');
    expect(text.split(/\r|\n/)).toHaveLength(2);
    expect(text).toContain(
      String.raw`error="a\n2026 ERROR b=1 \u001b[2J\u{9b}2J\u{202e} \"quoted\"" empty="" nested={"a":[1]} none=null`,
    );
  });

  it('says the same as the log for programs', () => {
    expect(JSON.parse(linesOf('json', { failures: 3 }, 'refresh-failed'))).toMatchObject({
      level: 'warn',
      msg: 'refresh-failed',
      failures: 3,
    });
  });
});
