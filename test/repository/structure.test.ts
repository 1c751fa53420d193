import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDocument } from './markdown.ts';
import { projectRoot, trackedFiles } from './project-files.ts';

const map = readDocument('ARCHITECTURE.md').text;
/** First cell of each row of the code map. */
const mapped = [...map.matchAll(/^\| `([\w/-]+)` \|/gm)].map(([, folder = '']) => folder);
const isFolder = (path: string) => statSync(join(projectRoot, path)).isDirectory();
const tracked = trackedFiles('.');
const foldersIn = (path: string) =>
  readdirSync(join(projectRoot, path))
    .map((name) => (path === '.' ? name : `${path}/${name}`))
    .filter((name) => isFolder(name) && tracked.some((file) => file.startsWith(`${name}/`)));

/** Sources that ship and are written by hand. */
const product = trackedFiles('src').filter(
  (path) => /\.(ts|js)$/.test(path) && !path.includes('/generated/') && !path.endsWith('.d.ts'),
);
const linesOf = (path: string) => readFileSync(join(projectRoot, path), 'utf8').split('\n').length - 1;

describe('the map in ARCHITECTURE.md', () => {
  it('has at most 150 lines', () => {
    expect(map.split('\n').length).toBeLessThanOrEqual(150);
  });

  it('names every room of src and every folder of the root, and none that is not there', () => {
    const hidden = (name: string) => name.startsWith('.');
    const there = [...foldersIn('src'), ...foldersIn('.').filter((name) => name !== 'src' && !hidden(name))];
    expect(there.length).toBeGreaterThan(15);
    expect(there.filter((folder) => !mapped.includes(folder))).toEqual([]);
    expect(mapped.filter((folder) => !tracked.some((file) => file.startsWith(`${folder}/`)))).toEqual([]);
  });

  it('names every room of the core', () => {
    const rooms = foldersIn('src/forecast/core').map((path) => path.split('/').at(-1) ?? '');
    expect(rooms.length).toBeGreaterThan(6);
    expect(rooms.filter((room) => !map.includes(`\`${room}\``))).toEqual([]);
  });
});

describe('the house', () => {
  it('has at most 13 rooms in src, none a field of more than 20 boxes on one level', () => {
    expect(foldersIn('src').length).toBeLessThanOrEqual(13);
    const levels = Map.groupBy(product, (path) => path.slice(0, path.lastIndexOf('/')));
    const wide = [...levels].filter(([folder, files]) => files.length + foldersIn(folder).length > 20);
    expect(wide.map(([folder]) => folder)).toEqual([]);
  });

  it('has small files: none above 300 lines, half of them at most 70', () => {
    const lengths = product.map(linesOf).sort((a, b) => a - b);
    expect(lengths.length).toBeGreaterThan(200);
    expect(lengths.at(-1)).toBeLessThanOrEqual(300);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(70);
  });

  it('has at most ten functions that the linter lets be longer than 60 lines, each with its reason', () => {
    const excuse = /biome-ignore lint\/complexity\/noExcessiveLinesPerFunction: (.+)/g;
    const excuses = product.flatMap((path) => [
      ...readFileSync(join(projectRoot, path), 'utf8').matchAll(excuse),
    ]);
    expect(excuses.length).toBeLessThanOrEqual(10);
    expect(excuses.filter(([, reason = '']) => reason.length < 20)).toEqual([]);
  });
});
