import { describe, expect, it } from 'vitest';
import { problems } from '../../src/telemetry-app/http/problem.ts';
import { readDocument, section, tableRows } from './markdown.ts';

describe('docs/telemetry-app.md', () => {
  it('lists every problem the app answers with, its status and its meaning, and no other', () => {
    const rows = tableRows(section(readDocument('docs/telemetry-app.md'), 'What an app answers'));
    const declared = Object.entries(problems).map(([code, { status, title }]) => [
      `\`${code}\``,
      String(status),
      title,
    ]);
    expect(declared.length).toBeGreaterThan(10);
    expect(rows).toEqual(declared);
  });
});
