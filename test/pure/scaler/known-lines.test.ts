import { expect, it } from 'vitest';
import { parseKnownLines } from '../../../src/scaler/index.ts';

const clock = () => 1_700_000_000;
const line = (name: string) =>
  `${JSON.stringify({ namespace: 'shop', name, scalerMetadata: {}, askedAt: clock() - 5 })}\n`;

it('lets the event loop turn while it reads lines, however many are empty', async () => {
  const reading = parseKnownLines(`${'\n'.repeat(1_000_000)}${line('web')}`, clock);
  let turns = 0;
  let isRead = false;
  const done = reading.then(({ known }) => {
    isRead = true;
    return known;
  });
  while (!isRead) {
    await new Promise((resolve) => setImmediate(resolve));
    turns++;
  }
  expect(await done).toEqual([{ namespace: 'shop', name: 'web', scalerMetadata: {}, askedSecondsAgo: 5 }]);
  expect(turns).toBeGreaterThan(2);
});

it('reads a last line without an end', async () => {
  expect((await parseKnownLines(line('web').trim(), clock)).known).toHaveLength(1);
});

const whole = { namespace: 'shop', name: 'web', scalerMetadata: {}, askedAt: clock() - 5 };
const wrongLines: readonly (readonly [string, string, string])[] = [
  ['that is cut off', JSON.stringify(whole).slice(0, -9), 'it is no JSON'],
  ['that is longer than any trigger', `"${'x'.repeat(200_000)}"`, 'no trigger that many'],
  ['that is something else', '7', 'the document must be object'],
  ['without a name', JSON.stringify({ ...whole, name: undefined }), 'name is required and missing'],
  [
    'with a wrong value',
    JSON.stringify({ ...whole, served: { atSeconds: 1, signal: -1, active: true } }),
    'served.signal must be >= 0',
  ],
  [
    'with wrong metadata, which are not shown',
    JSON.stringify({ ...whole, scalerMetadata: { query: { secret: 1 } } }),
    'scalerMetadata.query must be string',
  ],
];

it.each(wrongLines)(
  'leaves out a line %s, says which and why, and reads the others',
  async (_, text, reason) => {
    const { known, wrong } = await parseKnownLines(`${line('web')}\n${text}\n${line('api')}`, clock);
    expect(known.map(({ name }) => name)).toEqual(['web', 'api']);
    expect(wrong).toEqual([expect.stringMatching(new RegExp(`^line 3: .*${reason}$`))]);
  },
);

it('tells of some wrong lines, however many there are', async () => {
  const { wrong } = await parseKnownLines('{\n'.repeat(1_000), clock);
  expect(wrong).toHaveLength(21);
  expect(wrong.at(-1)).toBe('and 980 more');
});
