import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningRegistry, startRegistry } from '../../tools/release/dry-run/loopback-registry.ts';
import { signWithOwnKey } from '../../tools/release/dry-run/own-key.ts';
import { tryChart } from '../../tools/release/dry-run/try-chart.ts';
import { published } from '../../tools/release/places.ts';
import { defaults, type Release } from '../../tools/release/release.ts';
import { chart, chartArchive } from '../../tools/release/steps/chart.ts';
import { imageDigest, imageLayout } from '../../tools/release/steps/image.ts';
import { push, readPushed } from '../../tools/release/steps/push.ts';
import { sbom } from '../../tools/release/steps/sbom.ts';
import { verify } from '../../tools/release/steps/verify.ts';
import { quickFolder } from '../support/quick-folder.ts';
import { skippedNote, whyNotInstalled } from './real-programs.ts';

const missing = await whyNotInstalled(['registry', 'skopeo', 'helm-4.3']);
const out = quickFolder('forescale-release-');
afterAll(() => rmSync(out, { recursive: true, force: true }));
const noCosign = await whyNotInstalled(['cosign']);

/** Writes an image for a platform that holds nothing, in the OCI layout, as a build leaves one. */
function writeImage(layout: string, os = 'linux'): void {
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true });
  const blob = (content: object) => {
    const text = JSON.stringify(content);
    const hex = createHash('sha256').update(text).digest('hex');
    writeFileSync(join(layout, 'blobs/sha256', hex), text);
    return { digest: `sha256:${hex}`, size: text.length };
  };
  const platform = { architecture: 'amd64', os };
  const media = (kind: string) => `application/vnd.oci.image.${kind}+json`;
  const config = blob({ ...platform, rootfs: { type: 'layers', diff_ids: [] } });
  const manifest = blob({
    schemaVersion: 2,
    mediaType: media('manifest.v1'),
    config: { mediaType: media('config.v1'), ...config },
    layers: [],
  });
  const manifests = [{ mediaType: media('manifest.v1'), ...manifest, platform }];
  const index = blob({ schemaVersion: 2, mediaType: media('index.v1'), manifests });
  const named = { 'org.opencontainers.image.ref.name': defaults.version };
  const entry = { mediaType: media('index.v1'), ...index, annotations: named };
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

describe.skipIf(missing !== undefined)(`a release in a registry on loopback${skippedNote(missing)}`, () => {
  let registry: RunningRegistry;
  let release: Release;

  beforeAll(async () => {
    registry = await startRegistry(process.env);
    const { signal } = new AbortController();
    release = { ...defaults, out, registry: registry.host, env: process.env, signal };
    writeImage(imageLayout(release));
    await chart(release);
  });
  afterAll(() => registry?.stop());

  it('has a chart that is the same whenever it is packed of one commit', async () => {
    const first = readFileSync(chartArchive(release));
    const again = { ...release, out: join(release.out, 'again') };
    await chart(again);
    expect(readFileSync(chartArchive(again)).equals(first)).toBe(true);
  });

  it('has a README in the chart whose links lead into the repository at the tag', () => {
    const unpack = ['-xzOf', chartArchive(release), 'forescale/README.md'];
    const readme = execFileSync('tar', unpack, { encoding: 'utf8' });
    expect(readme).toMatch(new RegExp(`\\(https://\\S+/blob/v${release.version}/docs/kubernetes\\.md`));
    expect(readme).not.toContain('](../');
  });

  it('pushes image and chart under the digests that were built, and the chart names the released image', async () => {
    const output = join(release.out, 'output');
    await push({ ...release, env: { ...release.env, GITHUB_OUTPUT: output } });
    const pushed = readPushed(release);
    expect(pushed.image.digest).toBe(imageDigest(release));
    expect(readFileSync(output, 'utf8')).toContain(`chart-digest=${pushed.chart.digest}\n`);
    expect(await verify(release)).toContain('the same bytes');
    expect(await tryChart(release)).toContain(`${published.image}:${release.version}`);
  });

  it('gives the same digests when it is pushed again', async () => {
    const before = readPushed(release);
    await push(release);
    expect(readPushed(release)).toEqual(before);
  });

  it('refuses what was pulled where it is not what was packed or built', async () => {
    appendFileSync(chartArchive(release), 'x');
    await expect(verify(release)).rejects.toThrow('not the one that was packed');
    await chart(release);
    writeImage(imageLayout(release), 'plan9');
    await expect(verify(release)).rejects.toThrow('the image that was pulled is sha256:');
    writeImage(imageLayout(release));
    expect(await verify(release)).toContain('the same bytes');
  });

  it.skipIf(noCosign !== undefined)(
    `is signed by digest, and so is the list of what is in the image${skippedNote(noCosign)}`,
    async () => {
      await push(release);
      await sbom(release);
      const signed = await signWithOwnKey(release);
      expect(signed).toContain('verified: signatures of image and chart, SBOM of the image');
    },
  );
});
