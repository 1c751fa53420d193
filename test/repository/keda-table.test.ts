import { describe, expect, it } from 'vitest';
import { kedaReleases } from '../../tools/manifests/keda-releases.ts';
import { kedaRuns } from '../../tools/manifests/keda-runs.ts';
import { kedaTable, kedaTablePath, withKedaTable } from '../../tools/manifests/keda-table.ts';
import { kedaVersion, kubernetesVersion, otherKedaVersions } from '../../tools/programs/cluster-programs.ts';
import { readDocument, section } from './markdown.ts';

const runs = kedaRuns();
const remedy = 'run `FORESCALE_NOTE_RUNS=true npx vitest run test/real/keda`, then `make docs`';

describe('the versions of KEDA and Kubernetes in docs/kubernetes.md', () => {
  it('were run: the definitions of every release, and the real KEDA of those that are built', () => {
    const played = [kedaVersion, ...Object.values(otherKedaVersions)];
    expect(runs.played, remedy).toEqual(Object.fromEntries(played.map((keda) => [keda, kubernetesVersion])));
    expect(runs.definitions, remedy).toEqual(
      Object.fromEntries(kedaReleases.map(({ version }) => [version, kubernetesVersion])),
    );
  });

  it('are the table that is made of these runs (make docs)', () => {
    const { text } = readDocument(kedaTablePath);
    expect(text.includes(kedaTable(runs))).toBe(true);
    expect(withKedaTable(text)).toBe(text);
  });

  it('would be another table without a run, and with another version of Kubernetes', () => {
    const without = kedaTable({ ...runs, played: {} });
    expect(without).not.toContain('played');
    expect(kedaTable(runs)).toContain('played');
    const later = Object.fromEntries(Object.keys(runs.played).map((keda) => [keda, 'v1.37.0']));
    expect(kedaTable({ ...runs, played: later })).not.toBe(kedaTable(runs));
  });

  it('name every release that the schemas are of, and say what the oldest do not know', () => {
    const { length } = kedaReleases;
    const minors = kedaReleases.map(({ version }) => version.split('.')[1]);
    expect(new Set(minors).size).toBe(length);
    const [of] =
      /^\| ([^|]+) \| `spec\.fallback\.behavior`/m.exec(
        section(readDocument(kedaTablePath), 'Versions of KEDA'),
      ) ?? [];
    const lacking = kedaReleases.filter((release) => release.lacksFallbackBehavior === true);
    expect(of?.match(/2\.\d+/g)).toEqual(lacking.map(({ version }) => /2\.\d+/.exec(version)?.[0]));
  });
});
