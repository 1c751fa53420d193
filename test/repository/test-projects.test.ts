import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { projectRoot } from './project-files.ts';

/** The projects that Vitest has when it is started by this path and with these arguments. */
function projects(path: string, ...args: readonly string[]): readonly string[] {
  const code = `process.argv = ['node', ...${JSON.stringify([path, ...args])}];
    const { default: { test } } = await import('./vitest.config.ts');
    console.log(test.projects.map((project) => project.test.name).join(' '));`;
  const options = { cwd: projectRoot, encoding: 'utf8' } as const;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', code], options).trim().split(' ');
}

describe('the projects of tests', () => {
  const vitest = '/home/me/forescale/node_modules/.bin/vitest';

  it('have a cluster, and images, only where the command line names them', () => {
    expect(projects(vitest, 'run')).toEqual(['pure', 'edges', 'k8s', 'real']);
    expect(projects(vitest, 'run', '--project', 'cluster')).toContain('cluster');
    expect(projects(vitest, 'run', 'test/cluster/node.test.ts')).toContain('cluster');
    expect(projects(vitest, 'run', '--project', 'images')).toEqual([
      'pure',
      'edges',
      'k8s',
      'real',
      'images',
    ]);
  });

  it('start no cluster because the checkout lies in a folder of such a name', () => {
    expect(projects('/home/me/cluster/node_modules/.bin/vitest', 'run')).not.toContain('cluster');
  });
});
