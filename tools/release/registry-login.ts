import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTemporaryFolder } from '../temporary-folder.ts';
import type { Release } from './release.ts';

/**
 * Does something with a release that may push, by the token of the workflow. The token is in a file of a temporary folder that
 * skopeo, Helm and cosign are told of, and in nobody's home. Without a token, as in a dry run, nobody logs in.
 */
export async function loggedIn<T>(release: Release, act: (release: Release) => Promise<T>): Promise<T> {
  const { env, registry } = release;
  const folder = await openTemporaryFolder('forescale-login');
  try {
    const token = env['GITHUB_TOKEN'] ?? '';
    const user = env['GITHUB_ACTOR'] ?? '';
    const auth = Buffer.from(`${user}:${token}`).toString('base64');
    const auths = token === '' ? {} : { [registry]: { auth } };
    const file = join(folder.path, 'config.json');
    writeFileSync(file, JSON.stringify({ auths }), { mode: 0o600 });
    const told = { REGISTRY_AUTH_FILE: file, HELM_REGISTRY_CONFIG: file, DOCKER_CONFIG: folder.path };
    return await act({ ...release, env: { ...env, ...told } });
  } finally {
    await folder.remove();
  }
}
