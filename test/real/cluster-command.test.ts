import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../repository/project-files.ts';

/** Runs a program of tools/cluster to its end, with a KUBECONFIG. */
function run(program: string, args: readonly string[], kubeconfig = ''): Promise<[unknown, string]> {
  const options = { cwd: projectRoot, env: { ...process.env, KUBECONFIG: kubeconfig } };
  return new Promise((resolve) => {
    execFile(process.execPath, [`tools/cluster/${program}.ts`, ...args], options, (error, _, stderr) =>
      resolve([error?.code ?? 0, stderr]),
    );
  });
}

describe('`make cluster`', () => {
  it('says what is wrong with its command line before it starts anything', async () => {
    expect(await run('main', ['--images', 'a.tar'])).toEqual([
      2,
      expect.stringContaining("unknown option '--images'"),
    ]);
    expect(await run('main', ['--image', 'none.tar', 'package.json', 'all', 'k6', 'no.tar'])).toEqual([
      2,
      'neither an archive nor an image of `make images`: none.tar, no.tar\n',
    ]);
  });
});

describe('the import into the cluster of KUBECONFIG', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is refused where that cluster is not one of `make cluster`', async () => {
    const [code, said] = await run('import-image', ['package.json'], join(folder, 'kubeconfig'));
    const refusal = /^import-image: --kubeconfig: no cluster of `make cluster` is up where \S+ is$/m;
    expect([code, said]).toEqual([2, expect.stringMatching(refusal)]);
  });

  it('fails in words, without a stack', async () => {
    writeFileSync(join(folder, 'containerd.sock'), '');
    const [code, said] = await run('import-image', ['package.json'], join(folder, 'kubeconfig'));
    expect(code).toBe(1);
    expect(said).not.toBe('');
    expect(said).not.toMatch(/^\s+at /m);
  });
});
