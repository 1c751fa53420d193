import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { probe } from '../../bench/scale/processes/measured-process.ts';
import { imageEnvironment, podMemoryMiB, podOf } from '../../bench/scale/processes/pod.ts';
import { readProjectFile } from './compose-file.ts';

describe('the server that bench/scale measures', () => {
  it('has the memory of the chart, and that which the chart names for ten thousand workloads', () => {
    const values = readProjectFile('k8s/charts/forescale/values.yaml');
    const [, limits = ''] = values.split(/^ {2}limits:\n {4}memory: /m);
    expect(limits).toMatch(new RegExp(`^${podMemoryMiB.usual}Mi\n`));
    expect(values).toContain(`ten thousand need one CPU and ${podMemoryMiB.large / 1024}Gi`);
    expect(podOf(1000).execArgv).toEqual(['--max-old-space-size=256']);
    expect(podOf(10_000).execArgv).toEqual(['--max-old-space-size=1024']);
  });

  it('has the environment of the image', () => {
    const environment = imageEnvironment();
    expect(Object.keys(environment)).toEqual([
      'NODE_ENV',
      'NODE_OPTIONS',
      'MALLOC_ARENA_MAX',
      'MALLOC_TRIM_THRESHOLD_',
    ]);
    expect(environment['NODE_OPTIONS']).toBe('--max-semi-space-size=8');
  });

  it('has loaded nothing that strips types, which the image has no use for', () => {
    const loaded = 'console.log(process.moduleLoadList.join("\\n"))';
    const modules = execFileSync(process.execPath, ['--import', probe, '--eval', loaded], {
      encoding: 'utf8',
    });
    expect(modules).toContain('NativeModule perf_hooks');
    expect(modules).not.toContain('amaro');
  });
});
