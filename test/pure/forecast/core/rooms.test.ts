import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const core = 'src/forecast/core';
/** From the bottom: a room imports from its own floor and from those below. Files beside the rooms are rooms of one file. */
const floors = [
  ['memory'],
  ['contract.ts'],
  ['arithmetic', 'clock'],
  ['hygiene', 'seasons'],
  ['experts'],
  ['events', 'families'],
  ['combination'],
  ['calibration', 'batch'],
  ['engine'],
  ['answers'],
  ['forecaster.ts'],
  ['index.ts'],
];
const mostFilesInARoom = 20;

const files = readdirSync(core, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const roomOf = (file: string) => file.split('/')[0] ?? '';
const floorOf = (file: string) => floors.findIndex((rooms) => rooms.includes(roomOf(file)));

/** The core's files that a file imports, types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(core, file), 'utf8');
  return [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path]) =>
    relative(core, join(core, file, '..', path ?? '')),
  );
}

describe('the rooms of the core', () => {
  it('are all on the map', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(files.filter((file) => floorOf(file) < 0)).toEqual([]);
  });

  it('import from no higher floor, types included', () => {
    const arrows = files.flatMap((file) => importsOf(file).map((imported) => [file, imported] as const));
    expect(arrows.length).toBeGreaterThan(100);
    const up = arrows.filter(([file, imported]) => floorOf(imported) > floorOf(file));
    expect(up.map(([file, imported]) => `${file} imports ${imported}`)).toEqual([]);
  });

  it('import from no room beside them on the same floor', () => {
    const beside = files.flatMap((file) =>
      importsOf(file)
        .filter((imported) => floorOf(imported) === floorOf(file) && roomOf(imported) !== roomOf(file))
        .map((imported) => `${file} imports ${imported}`),
    );
    expect(beside).toEqual([]);
  });

  it(`hold at most ${mostFilesInARoom} files`, () => {
    const counts = Map.groupBy(files, (file) => (file.includes('/') ? roomOf(file) : '.'));
    for (const [room, inside] of counts)
      expect([room, inside.length <= mostFilesInARoom]).toEqual([room, true]);
  });
});
