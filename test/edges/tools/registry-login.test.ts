import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loggedIn } from '../../../tools/release/registry-login.ts';
import { defaults } from '../../../tools/release/release.ts';

/** A release whose steps run with these variables. */
const release = (env: Readonly<Record<string, string>>) => ({
  ...defaults,
  env,
  signal: new AbortController().signal,
});

describe('the login at the registry of a release', () => {
  it('is a file that only its owner reads, which three programs are told of, and gone afterwards', async () => {
    const as = release({ GITHUB_TOKEN: 'secret', GITHUB_ACTOR: 'robot', PATH: '/bin' });
    const file = await loggedIn(as, async ({ env }) => {
      const path = env['REGISTRY_AUTH_FILE'] ?? '';
      expect(env).toMatchObject({ HELM_REGISTRY_CONFIG: path, DOCKER_CONFIG: dirname(path), PATH: '/bin' });
      expect(statSync(path).mode & 0o077).toBe(0);
      expect(statSync(dirname(path)).mode & 0o077).toBe(0);
      const auth = Buffer.from('robot:secret').toString('base64');
      expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ auths: { 'ghcr.io': { auth } } });
      return path;
    });
    expect(existsSync(dirname(file))).toBe(false);
  });

  it('is none without a token, and gone where what it is for fails', async () => {
    let folder = '';
    const failing = loggedIn(release({}), async ({ env }) => {
      folder = env['DOCKER_CONFIG'] ?? '';
      expect(JSON.parse(readFileSync(env['REGISTRY_AUTH_FILE'] ?? '', 'utf8'))).toEqual({ auths: {} });
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    expect(existsSync(folder)).toBe(false);
  });
});
