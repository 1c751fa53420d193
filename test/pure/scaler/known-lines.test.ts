import { expect, it } from 'vitest';
import { parseKnownLines } from '../../../src/scaler/index.ts';

const clock = () => 1_700_000_000;
const line = (name: string) =>
  `${JSON.stringify({ namespace: 'shop', name, scalerMetadata: {}, askedAt: clock() - 5 })}\n`;

it('lets the event loop turn while it reads lines, however many are empty', async () => {
  const reading = parseKnownLines(`${'\n'.repeat(1_000_000)}${line('web')}`, clock);
  let turns = 0;
  let isRead = false;
  const done = reading.then((known) => {
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
  expect(await parseKnownLines(line('web').trim(), clock)).toHaveLength(1);
});

it('refuses a line that is longer than any trigger, before it is parsed', async () => {
  await expect(parseKnownLines(`"${'x'.repeat(200_000)}"`, clock)).rejects.toThrow('no trigger that many');
});
