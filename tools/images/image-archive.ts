import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { version } from '../../src/platform/process/version.ts';
import { unpackDebianPackage } from '../programs/debian-package.ts';
import { cacheDirectory, findInstalledProgram } from '../programs/find-program.ts';
import type { ProgramEnvironment } from '../programs/program.ts';
import { makeWholeFolder } from '../programs/whole-folder.ts';
import { contentHash, projectContent } from './content-hash.ts';
import { type ImageBuilder, openImageBuilder } from './image-builder.ts';
import { type ProgramImage, programImages } from './program-images.ts';
import { buildProjectImage } from './project-image.ts';

export type ImageName = 'forescale' | keyof typeof programImages;

/** Every image that can be made without a registry. */
export const imageNames = ['forescale', ...Object.keys(programImages)] as readonly ImageName[];

/** An image as a file that `ctr --namespace k8s.io images import`, `docker load` and `kind load image-archive` read. */
export interface ImageArchive {
  /** The image's name with its registry, as `docker.io/library/forescale:0.1.0`. */
  readonly image: string;
  /** Path of the archive. */
  readonly file: string;
}

/** Every file in an image and the image itself are from this moment, so that the same content is the same image. */
const reproducible = ['--timestamp=0'];
const dayMs = 86_400_000;

type OpenBuilder = (work: string) => Promise<ImageBuilder>;

/**
 * Makes the archive of an image from this checkout and from programs that were built before, or finds the one that was made of
 * the same content. Rejects with an Error that says what is lacking. Aborting the signal ends it, and nothing is left.
 */
export function imageArchive(
  name: ImageName,
  env: ProgramEnvironment,
  signal?: AbortSignal,
): Promise<ImageArchive> {
  const builder = (work: string) => openImageBuilder(work, signal);
  return name === 'forescale'
    ? projectArchive(env, builder)
    : programArchive(name, programImages[name], env, builder);
}

async function projectArchive(env: ProgramEnvironment, open: OpenBuilder): Promise<ImageArchive> {
  const image = `docker.io/library/forescale:${version}`;
  const hash = contentHash(projectContent());
  return keptArchive('forescale', image, hash, { env, open }, async (builder, work) => {
    await buildProjectImage(builder, work, { nodeInside: 'copied', tag: image, options: reproducible });
  });
}

async function programArchive(
  name: string,
  image: ProgramImage,
  env: ProgramEnvironment,
  open: OpenBuilder,
): Promise<ImageArchive> {
  const found = await findInstalledProgram(image.program, env);
  if ('lacking' in found) throw new Error(`${found.lacking} was not built; ${found.remedy}`);
  const busyBox = image.hasBusyBox ? [await findBusyBox(env)] : [];
  const [path = ''] = image.entrypoint;
  const dockerfile = dockerfileOf(image);
  const files = [found.path, ...busyBox, import.meta.filename].map((file) => ({ file }));
  const hash = contentHash([image.name, dockerfile, ...files]);
  return keptArchive(name, image.name, hash, { env, open }, async (builder, work) => {
    const context = join(work, 'context');
    const add = async (file: string, to: string) => {
      await mkdir(join(context, 'root', dirname(to)), { recursive: true });
      await cp(file, join(context, 'root', to));
    };
    await add(found.path, path);
    for (const file of busyBox) {
      await add(file, '/bin/busybox');
      await symlink('busybox', join(context, 'root/bin/wget'));
    }
    await mkdir(join(context, 'data'));
    await writeFile(join(context, 'Dockerfile'), dockerfile);
    await builder.run('bud', '--quiet', ...reproducible, `--tag=${image.name}`, context);
  });
}

function dockerfileOf({ entrypoint, user, dataFolder }: ProgramImage): string {
  const data =
    dataFolder === undefined ? [] : [`COPY --chown=${user} data ${dataFolder}`, `WORKDIR ${dataFolder}`];
  const start = `ENTRYPOINT ${JSON.stringify(entrypoint)}`;
  return ['FROM scratch', 'COPY root /', ...data, `USER ${user}`, start, ''].join('\n');
}

/** BusyBox that needs no libraries, unpacked from Debian's package. */
async function findBusyBox(env: ProgramEnvironment): Promise<string> {
  const folder = join(cacheDirectory(env), 'busybox-static');
  if (!existsSync(folder)) await unpackDebianPackage(['busybox-static'], folder, env);
  return join(folder, 'bin/busybox');
}

/** Archives are kept by the hash of their content, each in a folder that appears whole. `build` builds `image`. */
async function keptArchive(
  name: string,
  image: string,
  hash: string,
  { env, open }: { readonly env: ProgramEnvironment; readonly open: OpenBuilder },
  build: (builder: ImageBuilder, work: string) => Promise<void>,
): Promise<ImageArchive> {
  const images = join(cacheDirectory(env), '../images');
  const folder = join(images, `${name}-${hash}`);
  const file = join(folder, 'image.tar');
  if (existsSync(file)) {
    const now = new Date();
    await utimes(folder, now, now);
  } else {
    await removeUnused(images, name);
    await makeWholeFolder(folder, async (work) => {
      const builder = await open(work);
      await build(builder, work);
      const whole = join(work, 'whole');
      await mkdir(whole);
      await builder.run('push', image, `docker-archive:${join(whole, 'image.tar')}:${image}`);
      return whole;
    });
  }
  return { image, file };
}

/** Removes archives of earlier content that nobody has asked for in a day. A younger one may be in use. */
async function removeUnused(images: string, name: string): Promise<void> {
  const kept = existsSync(images) ? await readdir(images) : [];
  const isOfImage = new RegExp(`^${name}-[0-9a-f]{16}$`);
  for (const folder of kept.filter((one) => isOfImage.test(one)).map((one) => join(images, one))) {
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > dayMs) await rm(folder, { recursive: true, force: true });
  }
}
