import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../src/platform/process/version.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../tools/temporary-folder.ts';
import { whyMissing } from '../real/real-programs.ts';
import { fences } from '../repository/markdown.ts';
import { projectRoot } from '../repository/project-files.ts';
import { objectOf, scalerContainer } from './chart.ts';
import { type Manifest, parseManifests } from './manifest.ts';
import { render } from './rendered.ts';

const missing = await whyMissing('kustomize');
const [shown = ''] = fences
  .filter(({ path, language }) => path === 'docs/gitops.md' && language === 'yaml')
  .map(({ text }) => text);
const remote = /https:\S+(\/\/k8s\/base\?ref=)v(\S+)/;

/** kustomize fetches a remote base by git; a repository on this machine takes the place of the one on the network. */
describe.skipIf(missing)('the remote base of docs/gitops.md (needs kustomize)', () => {
  let temporary: TemporaryFolder;
  let repository: string;
  const git = (...args: readonly string[]) =>
    execFileSync(
      'git',
      ['-C', repository, '-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args],
      {
        stdio: 'pipe',
      },
    );

  beforeAll(async () => {
    temporary = await openTemporaryFolder('forescale-remote-base');
    repository = join(realpathSync(temporary.path), 'forescale');
    mkdirSync(join(repository, 'k8s'), { recursive: true });
    cpSync(join(projectRoot, 'k8s/base'), join(repository, 'k8s/base'), { recursive: true });
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message=release');
    git('tag', `v${version}`);
    const changed = join(repository, 'k8s/base/deployment.yaml');
    writeFileSync(changed, readFileSync(changed, 'utf8').replace(/replicas: \d+/, 'replicas: 7'));
    git('commit', '--quiet', '--all', '--message=later');
  });
  afterAll(() => temporary?.remove());

  async function rendered(name: string, reference: string): Promise<readonly Manifest[]> {
    const folder = join(realpathSync(temporary.path), name);
    mkdirSync(folder);
    const local = shown.replace(remote, (_, path: string) => `file://${repository}${path}${reference}`);
    writeFileSync(join(folder, 'kustomization.yaml'), local);
    writeFileSync(join(folder, 'forescale.yaml'), 'prometheusUrl: http://yours:9090\n');
    return parseManifests(await render({ source: folder, program: 'kustomize' }));
  }

  it('is that of the tag of this version, with your image and configuration', async () => {
    expect(remote.exec(shown)?.[2]).toBe(version);
    const manifests = await rendered('tag', `v${version}`);
    expect(scalerContainer(manifests).image).toBe(`registry.example.com/team/forescale:${version}`);
    expect(objectOf(manifests, 'ConfigMap').data).toEqual({
      'forescale.yaml': 'prometheusUrl: http://yours:9090\n',
    });
    expect(objectOf(manifests, 'Deployment').spec?.['replicas']).toBe(2);
  });

  it('can be a commit as well, and is another then', async () => {
    const commit = git('rev-parse', 'HEAD').toString().trim();
    expect(objectOf(await rendered('commit', commit), 'Deployment').spec?.['replicas']).toBe(7);
  });

  it('is refused where there is no such tag', async () => {
    await expect(rendered('none', 'v9.9.9')).rejects.toThrow(/v9\.9\.9/);
  });
});
