import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOut } from '../../../tools/release/dry-run/open-out.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the folder of a release', () => {
  it('loses what an earlier release left, and nothing of anybody else', () => {
    mkdirSync(join(folder, 'image/blobs'), { recursive: true });
    writeFileSync(join(folder, 'notes.md'), '');
    writeFileSync(join(folder, 'letter.txt'), '');
    openOut(folder);
    expect(readdirSync(folder)).toEqual(['letter.txt']);
  });

  it('is made where it is not there', () => {
    openOut(join(folder, 'results/release'));
    expect(existsSync(join(folder, 'results/release'))).toBe(true);
  });
});
