import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chartFolder } from '../../tools/chart/chart-documents.ts';
import { monitoringFiles } from '../../tools/chart/monitoring-files.ts';
import { projectRoot, trackedFiles } from './project-files.ts';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

describe('what the chart brings along', () => {
  it('are the dashboards and rules of the project, none else and none that is stale (npm run chart)', () => {
    const files = monitoringFiles();
    expect(files.length).toBeGreaterThan(5);
    const copies = ['dashboards', 'rules'].flatMap((folder) =>
      trackedFiles(`${chartFolder}/files/${folder}`),
    );
    expect(copies.sort()).toEqual(files.map(({ copy }) => copy).sort());
    const stale = files.filter(({ copy, original }) => read(copy) !== read(original));
    expect(stale.map(({ copy }) => copy)).toEqual([]);
  });

  it('has no symbolic link, which a vendored copy and a checkout on Windows would break', () => {
    const listed = execFileSync('git', ['ls-files', '--stage', 'k8s'], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    const lines = listed.trim().split('\n');
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.filter((line) => line.startsWith('120000'))).toEqual([]);
  });
});
