import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kubectlHint } from '../../../tools/cluster/kubectl-hint.ts';
import { kubernetesVersion } from '../../../tools/programs/cluster-programs.ts';

describe('the hint where kubectl is', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Puts a kubectl of our release into a folder. */
  function putKubectl(place: string): string {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'kubectl'), `#!/bin/sh\necho "Client Version: ${kubernetesVersion}"\n`);
    chmodSync(join(place, 'kubectl'), 0o755);
    return place;
  }

  it('names the folder of the one that was built where the machine has none', async () => {
    const built = putKubectl(join(folder, 'programs', `kubectl-${kubernetesVersion}`));
    const hint = await kubectlHint({ PATH: '', FORESCALE_CACHE_DIR: folder });
    expect(hint).toContain(`export PATH=${built}:$PATH`);
  });

  it('can be pasted into a shell, with its reason', async () => {
    const built = putKubectl(join(folder, 'programs', `kubectl-${kubernetesVersion}`));
    const hint = await kubectlHint({ PATH: '', FORESCALE_CACHE_DIR: folder });
    const said = execFileSync('/bin/sh', ['-c', `${hint}\necho "$PATH"`], {
      env: { PATH: '/bin' },
      encoding: 'utf8',
    });
    expect(said).toBe(`${built}:/bin\n`);
    expect(hint).toContain(`# kubectl ${kubernetesVersion}`);
  });

  it('is not needed where one is on PATH', async () => {
    putKubectl(join(folder, 'programs', `kubectl-${kubernetesVersion}`));
    const own = putKubectl(join(folder, 'bin'));
    expect(await kubectlHint({ PATH: own, FORESCALE_CACHE_DIR: folder })).toBeUndefined();
  });
});
