import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { version } from '../../src/platform/process/version.ts';
import { type BaseImages, makeBaseImages, npmCache } from './base-images.ts';
import type { ImageBuilder } from './image-builder.ts';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

interface ProjectImageOptions {
  readonly nodeInside: Parameters<typeof makeBaseImages>[2];
  /** Name of the image. */
  readonly tag: string;
  /** More options of `buildah bud`. */
  readonly options?: readonly string[];
}

/**
 * Builds the project's Dockerfile, on base images made in `folder`. Resolves with the options of `buildah from` that a container of
 * the image needs.
 */
export async function buildProjectImage(
  builder: ImageBuilder,
  folder: string,
  { nodeInside, tag, options = [] }: ProjectImageOptions,
): Promise<BaseImages['runMounts']> {
  const base = await makeBaseImages(builder, folder, nodeInside);
  mkdirSync(npmCache.outside(), { recursive: true });
  const mounts = [...base.buildMounts, `--volume=${npmCache.outside()}:${npmCache.inside}`];
  const given = [`VERSION=${version}`, `BUILD_IMAGE=${base.build}`, `RUN_IMAGE=${base.run}`];
  const buildArgs = given.map((argument) => `--build-arg=${argument}`);
  await builder.run('bud', ...options, ...mounts, ...buildArgs, `--tag=${tag}`, projectRoot);
  return base.runMounts;
}
