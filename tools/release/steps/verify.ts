import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTemporaryFolder } from '../../temporary-folder.ts';
import { repositoryUrl } from '../places.ts';
import { loggedIn } from '../registry-login.ts';
import { isPlain, type Release, runProgram } from '../release.ts';
import { chartArchive } from './chart.ts';
import { imageDigest } from './image.ts';
import { layoutDigest } from './oci-layout.ts';
import { type Pushed, readPushed } from './push.ts';
import { registryOptions } from './sign.ts';

/** Pulls image and chart again by their digests, and compares them with what was built. Throws where they differ. */
export function verify(release: Release): Promise<string> {
  return loggedIn(release, async (as) => {
    const pushed = readPushed(as);
    const folder = await openTemporaryFolder('forescale-pulled');
    try {
      await verifyImage(as, pushed.image, join(folder.path, 'image'));
      await verifyChart(as, pushed.chart, folder.path);
    } finally {
      await folder.remove();
    }
    return 'pulled again by digest, the same bytes';
  });
}

async function verifyImage(as: Release, { name, digest }: Pushed['image'], to: string): Promise<void> {
  const plain = isPlain(as) ? ['--src-tls-verify=false'] : [];
  const options = ['--insecure-policy', 'copy', '--quiet', '--all', '--preserve-digests', ...plain];
  await runProgram(as, 'skopeo', [...options, `docker://${name}@${digest}`, `oci:${to}:pulled`]);
  const pulled = layoutDigest(to);
  if (pulled !== imageDigest(as))
    throw new Error(`the image that was pulled is ${pulled}, not ${imageDigest(as)}`);
}

async function verifyChart(as: Release, { name, digest }: Pushed['chart'], to: string): Promise<void> {
  const plain = isPlain(as) ? ['--plain-http'] : [];
  await runProgram(as, 'helm-4.3', ['pull', `oci://${name}@${digest}`, '--destination', to, ...plain]);
  const [archive = ''] = readdirSync(to).filter((file) => file.endsWith('.tgz'));
  if (!readFileSync(join(to, archive)).equals(readFileSync(chartArchive(as))))
    throw new Error('the chart that was pulled is not the one that was packed');
}

/** A key to verify with, and a trusted root that names no public log or authority, so that cosign asks nobody for one. */
interface OwnTrust {
  readonly publicKey: string;
  readonly trustedRoot: string;
}

/** Verifies the signatures as a stranger would (docs/releasing.md), or those of a key. */
export function verifySignatures(release: Release, trust?: OwnTrust): Promise<string> {
  return loggedIn(release, async (as) => {
    const { image, chart } = readPushed(as);
    const how = [...(trust === undefined ? ofWorkflow(as) : ofKey(trust)), ...registryOptions(as)];
    for (const { name, digest } of [image, chart])
      await runProgram(as, 'cosign', ['verify', ...how, `${name}@${digest}`]);
    const attested = ['verify-attestation', '--type=cyclonedx', ...how];
    await runProgram(as, 'cosign', [...attested, `${image.name}@${image.digest}`]);
    return 'signatures of image and chart, SBOM of the image';
  });
}

/** Signed by the workflow of this repository, at the tag of this version. */
function ofWorkflow({ version }: Release): readonly string[] {
  const workflow = `${repositoryUrl}/.github/workflows/release.yml@refs/tags/v${version}`;
  const issuer = 'https://token.actions.githubusercontent.com';
  return [`--certificate-identity=${workflow}`, `--certificate-oidc-issuer=${issuer}`];
}

const ofKey = ({ publicKey, trustedRoot }: OwnTrust): readonly string[] => [
  `--key=${publicKey}`,
  `--trusted-root=${trustedRoot}`,
  '--insecure-ignore-tlog=true',
];
