import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whyNoCluster } from '../../tools/cluster/why-no-cluster.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

it.skipIf(isRoot)('a machine without Linux or without root is told what a cluster needs', async () => {
  expect(await whyNoCluster(process.env)).toMatch(/ need (?:Linux|root)$/);
});

describe.skipIf(!isRoot)('why no cluster can be started (needs root)', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
    for (const tool of ['openssl', 'ip', 'mount', 'unshare']) symlinkSync('/bin/true', join(folder, tool));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What is told of a machine whose `setpriv`, by which the trial starts, is this script. */
  const told = (script: string) => {
    writeFileSync(join(folder, 'setpriv'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'setpriv'), 0o755);
    return whyNoCluster({ PATH: folder, FORESCALE_CACHE_DIR: folder });
  };

  it('names a tool that the machine lacks', async () => {
    rmSync(join(folder, 'unshare'));
    expect(await told('exit 0')).toBe('new namespaces need unshare');
  });

  it('quotes of what the trial says the line that says why', async () => {
    const mount = 'mount: /var/lib: wrong fs type\n       dmesg(1) may have more information.';
    expect(await told(`echo '${mount}' >&2; exit 32`)).toMatch(/: mount: \/var\/lib: wrong fs type$/);
  });

  it('is a sentence where the trial fails and says nothing, because an empty one would skip no test', async () => {
    expect(await told('exit 1')).toMatch(/^namespaces, .+ cannot be made here: the trial said nothing$/);
  });

  it('is what was not built where the machine has everything else', async () => {
    expect(await told('exit 0')).toMatch(/^etcd .*make cluster-tools/);
  });
});
