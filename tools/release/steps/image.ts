import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBaseImages, npmCache } from '../../images/base-images.ts';
import { type ImageBuilder, openImageBuilder } from '../../images/image-builder.ts';
import { openTemporaryFolder } from '../../temporary-folder.ts';
import { projectRoot, repositoryUrl } from '../places.ts';
import { commitTime, type Release, run } from '../release.ts';
import { platforms } from '../version/artifact-hub.ts';
import { layoutDigest } from './oci-layout.ts';

/** Folder of the image for all platforms, in the OCI layout. */
export const imageLayout = ({ out }: Pick<Release, 'out'>): string => join(out, 'image');

/** Digest under which every registry has the image. */
export const imageDigest = (release: Pick<Release, 'out'>): string => layoutDigest(imageLayout(release));

/**
 * Builds the image for every platform. Only the base image of the last stage is of the platform: what is copied into it is
 * JavaScript, which the first stage gathers on the machine's own platform, so that nothing is emulated. Every file has the time of the
 * commit.
 */
export async function image(release: Release): Promise<string> {
  const folder = await openTemporaryFolder('forescale-image');
  try {
    const builder = await openImageBuilder(folder.path);
    const bases = await (release.localBases ? localBases : pulledBases)(builder, folder.path);
    const labels = { source: repositoryUrl, revision: await revision(release) };
    for (const { options, runImage } of bases) {
      const given = [`VERSION=${release.version}`, `RUN_IMAGE=${runImage}`];
      release.signal.throwIfAborted();
      await builder.run(
        ...['bud', '--quiet', '--identity-label=false', `--timestamp=${commitTime()}`, ...options],
        ...given.map((argument) => `--build-arg=${argument}`),
        ...Object.entries(labels).map(([name, value]) => `--label=org.opencontainers.image.${name}=${value}`),
        ...['--manifest=forescale', projectRoot],
      );
    }
    const layout = imageLayout(release);
    rmSync(layout, { recursive: true, force: true });
    mkdirSync(release.out, { recursive: true });
    const policy = ['--signature-policy', join(folder.path, 'policy.json')];
    const to = `oci:${layout}:${release.version}`;
    await builder.run('manifest', 'push', ...policy, '--format=oci', '--all', 'forescale', to);
    return `${layout} ${layoutDigest(layout)}`;
  } finally {
    await folder.remove();
  }
}

/** The commit that is built, and whether more than it is. */
async function revision(release: Release): Promise<string> {
  const commit = (await run(release, 'git', ['rev-parse', 'HEAD'])).trim();
  const changed = await run(release, 'git', ['status', '--porcelain']);
  return changed === '' ? commit : `${commit}-changed`;
}

interface Base {
  readonly runImage: string;
  /** More options of `buildah bud`. */
  readonly options: readonly string[];
}

/** The base image that the Dockerfile names, for each platform. */
async function pulledBases(builder: ImageBuilder, folder: string): Promise<readonly Base[]> {
  const dockerfile = readFileSync(join(projectRoot, 'Dockerfile'), 'utf8');
  const [, name = ''] = /^ARG RUN_IMAGE=(.+)$/m.exec(dockerfile) ?? [];
  const bases: Base[] = [];
  for (const platform of platforms) {
    const how = ['--quiet', '--signature-policy', join(folder, 'policy.json'), `--platform=${platform}`];
    bases.push({ runImage: await builder.run('pull', ...how, name), options: [] });
  }
  return bases;
}

/**
 * Base images of this machine's files. For another platform there is no Node here, so its image has all of Forescale and nothing
 * that runs it: enough to build, push and compare, and not to be run.
 */
async function localBases(builder: ImageBuilder, folder: string): Promise<readonly Base[]> {
  const base = await makeBaseImages(builder, folder, 'copied');
  mkdirSync(npmCache.outside(), { recursive: true });
  const cache = `--volume=${npmCache.outside()}:${npmCache.inside}`;
  const options = [...base.buildMounts, cache, `--build-arg=BUILD_IMAGE=${base.build}`];
  const empty = join(folder, 'other-platform');
  mkdirSync(empty);
  writeFileSync(join(empty, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
  const bases: Base[] = [];
  for (const platform of platforms) {
    if (platform === `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`) {
      bases.push({ runImage: base.run, options });
      continue;
    }
    const name = `base-${platform.replace('/', '-')}`;
    const made = [`--platform=${platform}`, '--timestamp=0', `--tag=${name}`];
    await builder.run('bud', '--quiet', ...made, empty);
    bases.push({ runImage: `localhost/${name}`, options });
  }
  return bases;
}
