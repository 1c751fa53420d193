import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBaseImages } from '../../tools/images/base-images.ts';
import { type ImageArchive, imageArchive } from '../../tools/images/image-archive.ts';
import { openImageBuilder, whyNoImageBuilder } from '../../tools/images/image-builder.ts';
import { findProgram } from '../../tools/programs/find-program.ts';
import { skippedNote, whyMissing } from '../real/real-programs.ts';

const why = (await whyNoImageBuilder()) ?? (await whyMissing('k6'));

describe.skipIf(why !== undefined)(`the archive of an image${skippedNote(why)}`, () => {
  let folder: string;
  let archive: ImageArchive;
  /** Archives go below a folder of this test's own; the programs are those that there are. */
  const envIn = async (cache: string) => ({
    ...process.env,
    FORESCALE_CACHE_DIR: join(folder, cache),
    PATH: [
      dirname((await findProgram('k6', process.env)).path),
      dirname((await findProgram('buildah', process.env)).path),
      process.env['PATH'],
    ].join(delimiter),
  });
  const inArchive = (file: string) =>
    JSON.parse(execFileSync('tar', ['-xOf', archive.file, file], { encoding: 'utf8' }));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-archive-'));
    archive = await imageArchive('k6', await envIn('first'));
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has the name, the user and the program of the image it stands in for', () => {
    const [manifest] = inArchive('manifest.json') as [
      { Config: string; RepoTags: string[]; Layers: string[] },
    ];
    expect(manifest.RepoTags).toEqual(['docker.io/grafana/k6:2.2.0']);
    const { config } = inArchive(manifest.Config) as { config: { User: string; Entrypoint: string[] } };
    expect(config).toMatchObject({ User: '12345:12345', Entrypoint: ['/usr/bin/k6'] });
    const [layer = ''] = manifest.Layers;
    const listed = execFileSync('sh', ['-c', `tar -xOf "$1" "$2" | tar -tv`, 'sh', archive.file, layer], {
      encoding: 'utf8',
    });
    expect(listed).toMatch(/^-rwxr-xr-x 0\/0 .* usr\/bin\/k6$/m);
  });

  it('is found again as long as its content is the same', async () => {
    const { mtimeMs } = statSync(archive.file);
    expect(await imageArchive('k6', await envIn('first'))).toEqual(archive);
    expect(statSync(archive.file).mtimeMs).toBe(mtimeMs);
  });

  it('of earlier content is removed when a new one is made, unless it was used within a day', async () => {
    const images = join(folder, 'third/images');
    const made = (hash: string, ageMs: number) => {
      const path = join(images, `k6-${hash.repeat(16)}`);
      mkdirSync(path, { recursive: true });
      const then = new Date(Date.now() - ageMs);
      utimesSync(path, then, then);
      return path;
    };
    const hourMs = 3_600_000;
    const [old, young] = [made('a', 25 * hourMs), made('b', hourMs)];
    await imageArchive('k6', await envIn('third'));
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  }, 600_000);

  it('lies on a base image that is the same when it is made anew', async () => {
    const digests = [];
    for (const name of ['base-a', 'base-b']) {
      const place = join(folder, name);
      mkdirSync(place);
      const builder = await openImageBuilder(place);
      const { run } = await makeBaseImages(builder, place, 'mounted');
      digests.push(await builder.run('inspect', '--type=image', '--format={{.FromImageDigest}}', run));
    }
    expect(digests[0]).toMatch(/^sha256:/);
    expect(digests[1]).toBe(digests[0]);
  }, 600_000);

  it('is the same to the byte when it is made anew', async () => {
    const again = await imageArchive('k6', await envIn('second'));
    expect(again.file).not.toBe(archive.file);
    expect(readFileSync(again.file).equals(readFileSync(archive.file))).toBe(true);
  }, 600_000);
});
