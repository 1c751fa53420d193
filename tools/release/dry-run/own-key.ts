import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTemporaryFolder } from '../../temporary-folder.ts';
import { type Release, runProgram } from '../release.ts';
import { steps } from '../steps/index.ts';
import { verifySignatures } from '../steps/verify.ts';

/** Signs with a key that is made for it and thrown away, and verifies with its public half: no workflow, no public log. */
export async function signWithOwnKey(release: Release): Promise<string> {
  const folder = await openTemporaryFolder('forescale-key');
  try {
    const env = { ...release.env, COSIGN_PASSWORD: 'of this run' };
    const prefix = join(folder.path, 'cosign');
    await runProgram({ ...release, env }, 'cosign', ['generate-key-pair', `--output-key-prefix=${prefix}`]);
    const trustedRoot = join(folder.path, 'trusted-root.json');
    const mediaType = 'application/vnd.dev.sigstore.trustedroot+json;version=0.1';
    writeFileSync(trustedRoot, JSON.stringify({ mediaType }));
    const trust = { publicKey: `${prefix}.pub`, trustedRoot };
    const signed = await steps.sign.run({ ...release, env, key: `${prefix}.key` });
    return `${signed}; verified: ${await verifySignatures({ ...release, env }, trust)}`;
  } finally {
    await folder.remove();
  }
}
