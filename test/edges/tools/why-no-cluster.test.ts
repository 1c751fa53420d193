import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { whyNoCluster } from '../../../tools/cluster/why-no-cluster.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

it('says in one sentence which program a cluster lacks, or that it needs Linux or root', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
  const why = await whyNoCluster({ PATH: folder, FORESCALE_CACHE_DIR: folder });
  rmSync(folder, { recursive: true });
  expect(why).toMatch(
    isRoot ? /^etcd .* was not built; .*`make cluster-tools`/ : /^a cluster needs (Linux|root)/,
  );
  expect(why).not.toContain('\n');
});
