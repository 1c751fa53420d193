import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LicencePolicy, shippedPolicy, toolPolicy } from '../../tools/supply-chain/licence-policy.ts';
import { lockedPackages, packageFolders, shippedPackages } from '../../tools/supply-chain/packages.ts';
import { refusedLicences } from '../../tools/supply-chain/refused-licences.ts';
import { noticesPath, thirdPartyNotices } from '../../tools/supply-chain/third-party-notices.ts';
import { projectRoot, trackedFiles } from './project-files.ts';

interface LockedEntry {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}
interface PackageFile {
  readonly allowScripts?: Readonly<Record<string, boolean>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const lockedEntries = (folder: string) => {
  const { packages } = JSON.parse(read(join(folder, 'package-lock.json'))) as {
    packages: Record<string, LockedEntry>;
  };
  return Object.entries(packages).filter(([name]) => name !== '');
};
const made = (name: string, license?: unknown) => ({ name, version: '1.0.0', license, path: '' });

it('the folders with packages of their own are those that are judged', () => {
  const folders = trackedFiles('.')
    .filter((path) => /(?:^|\/)package-lock\.json$/.test(path))
    .map((path) => path.replace(/\/?package-lock\.json$/, '') || '.');
  expect(folders.sort()).toEqual([...packageFolders].sort());
});

describe.each(packageFolders)('the packages of %s', (folder) => {
  it('are each pinned by the hash of its content, and to no host', () => {
    const entries = lockedEntries(folder);
    expect(entries.length).toBeGreaterThan(100);
    const unpinned = entries.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));
    expect(unpinned.map(([name]) => name)).toEqual([]);
    const hosted = entries.filter(([, { resolved }]) => resolved !== undefined);
    expect(hosted.map(([name]) => name)).toEqual([]);
  });

  it('are asked for by exact versions', () => {
    const { dependencies, devDependencies } = JSON.parse(read(join(folder, 'package.json'))) as PackageFile;
    const versions = Object.values({ ...dependencies, ...devDependencies });
    expect(versions.length).toBeGreaterThan(1);
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('are under licences that tools may have', () => {
    const packages = lockedPackages(folder);
    expect(packages.length).toBeGreaterThan(100);
    expect(refusedLicences(packages, toolPolicy)).toEqual([]);
  });
});

it('of the packages that would run a script when they are installed, node alone may', () => {
  const withScript = lockedEntries('.').filter(([, { hasInstallScript }]) => hasInstallScript);
  expect(withScript.map(([name]) => name)).toEqual(['node_modules/node', 'node_modules/protobufjs']);
  expect((JSON.parse(read('package.json')) as PackageFile).allowScripts).toEqual({ node: true });
  const installs = [read('Makefile'), read('package.json')].flatMap(
    (text) => text.match(/npm ci -[^"\n]*/g) ?? [],
  );
  expect(installs.length).toBeGreaterThan(3);
  expect(installs.filter((command) => !command.includes('--ignore-scripts'))).toEqual([]);
});

describe('what is shipped', () => {
  it('is under licences that may be shipped', () => {
    const packages = shippedPackages();
    expect(packages.length).toBeGreaterThan(100);
    expect(refusedLicences(packages, shippedPolicy)).toEqual([]);
  });

  it('comes with the licence texts of all of it, which `make docs` writes', () => {
    const notices = thirdPartyNotices();
    expect(notices.length).toBeGreaterThan(50_000);
    expect(read(noticesPath)).toBe(notices);
    for (const file of ['.dockerignore', 'package.json']) expect(read(file)).toContain(noticesPath);
  });
});

describe('the judgement of licences', () => {
  const policy: LicencePolicy = { allowed: { MIT: '', 'Apache-2.0': '' }, looked: { old: 'seen' } };

  it('refuses a licence that is not on the list, and what is none', () => {
    const packages = [
      made('copyleft', 'GPL-3.0-only'),
      made('both', 'MIT AND GPL-3.0-only'),
      made('words', 'SEE LICENSE IN file'),
      made('commercial', 'UNLICENSED'),
      made('object', { type: 'MIT' }),
      made('nothing'),
    ];
    expect(refusedLicences(packages, policy)).toEqual([
      'copyleft@1.0.0: "GPL-3.0-only"',
      'both@1.0.0: "MIT AND GPL-3.0-only"',
      'words@1.0.0: "SEE LICENSE IN file"',
      'commercial@1.0.0: "UNLICENSED"',
      'object@1.0.0: {"type":"MIT"}',
      'nothing@1.0.0: no licence',
    ]);
  });

  it('takes one on the list, a choice of which one is, and a package that was looked at', () => {
    const packages = [made('one', 'MIT'), made('choice', '(GPL-3.0-only OR Apache-2.0)'), made('old')];
    expect(refusedLicences(packages, policy)).toEqual([]);
  });

  it('has nothing on its lists that no package needs', () => {
    const all = packageFolders.flatMap((folder) => lockedPackages(folder));
    const without = (name: string): LicencePolicy => ({
      ...toolPolicy,
      allowed: Object.fromEntries(Object.entries(toolPolicy.allowed).filter(([one]) => one !== name)),
    });
    const idle = Object.keys(toolPolicy.allowed).filter(
      (name) => refusedLicences(all, without(name)).length === 0,
    );
    expect(idle).toEqual([]);
    const names = all.map(({ name }) => name);
    expect(Object.keys(toolPolicy.looked).filter((name) => !names.includes(name))).toEqual([]);
  });
});
