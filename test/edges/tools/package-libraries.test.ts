import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageLibraries } from '../../../tools/programs/package-libraries.ts';

it('finds the libraries of unpacked packages whatever the processor of the machine is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
  try {
    for (const place of ['lib/aarch64-linux-gnu', 'usr/lib/aarch64-linux-gnu', 'usr/lib/python3'])
      mkdirSync(join(folder, place), { recursive: true });
    expect(packageLibraries(folder)).toEqual([
      join(folder, 'lib/aarch64-linux-gnu'),
      join(folder, 'usr/lib/aarch64-linux-gnu'),
    ]);
    expect(packageLibraries(join(folder, 'none'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
