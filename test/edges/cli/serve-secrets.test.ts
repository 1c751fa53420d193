import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run.ts';
import { within } from '../../../src/platform/deadline.ts';
import { capturedIo } from './run-command.ts';

const secret = 'S3CRET-hunter2';
const profile = 'profiles:\n  - name: p\n    url: http://prom:9090\n    ';

/** Configuration files that cannot be used and hold a secret. */
const files: Record<string, string> = {
  'no YAML': `${profile}headers: { Authorization: Bearer: ${secret} }\n      x: "`,
  'a quote that is not closed': `${profile}headers: { Authorization: "Bearer ${secret}\n`,
  'an alias': `${profile}headers: { Authorization: *${secret} }`,
  'a tag': `${profile}headers: !${secret} { Authorization: [x] }`,
  'a tab': `${profile}headers:\n\tAuthorization: ${secret}\n`,
  'a list for a header': `${profile}headers: { Authorization: [Bearer, ${secret}] }`,
  'a text for a profile': `profiles: [${secret}]`,
  'a text for the file': secret,
  'a password for its file': `${profile}basicAuth: { username: u, passwordFile: [${secret}] }`,
  'a password that no key takes': `${profile}basicAuth: { username: u, password: ${secret} }`,
  'a token that no key takes': `${profile}bearerToken: ${secret}`,
  'a text for basicAuth': `${profile}basicAuth: ${secret}`,
  'credentials in an address': `profiles: [{ name: p, url: "http://user:${secret}@prom" }]`,
  'a broken address': `profiles: [{ name: p, url: "http://user:${secret}/x@prom:x" }]`,
  'a broken address of a proxy': `${profile}proxyUrl: "http://user:${secret}/x@proxy:x"`,
  'a list for an address': `profiles: [{ name: p, url: ["http://user:${secret}@prom"] }]`,
  'an address with a query': `allowedAddresses: ["http://prom/?token=${secret}"]`,
  'an address with credentials': `allowedAddresses: ["http://user:${secret}@prom"]`,
  'a map for the default address': `prometheusUrl: { url: "http://user:${secret}@prom" }`,
  'a default address that is none': `prometheusUrl: "http://user:${secret}/@"`,
  'a number in metadata': `workloads: [{ namespace: a, name: b, metadata: { password: ["${secret}"] } }]`,
  'metadata that is not allowed': `workloads: [{ namespace: a, name: b, metadata: { query: q, thresholdFromEnv: "${secret}" } }]`,
  'headers that are not allowed': `${profile}namespaces: [a]\nworkloads: [{ namespace: a, name: b, metadata: { query: q, threshold: "1", customHeaders: "${secret}=x" } }]`,
};

/** Flags that cannot be used. */
const flags: Record<string, readonly string[]> = {
  'a broken address': ['--prometheus-url', `http://user:${secret}/pw@prom`],
  'an address with a fragment': ['--prometheus-url', `http://user:12#${secret}@prom`],
  'a percent sign in the password': ['--prometheus-url', `http://user:%${secret}@prom:x`],
  'peers that are no URL': ['--peers', `user:${secret}@peers:x y`],
};

describe('forescale serve that cannot start', () => {
  let folder: string;
  const warnings: string[] = [];
  const onWarning = (warning: Error) => void warnings.push(String(warning.stack));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-config-'));
    process.on('warning', onWarning);
  });
  afterAll(async () => {
    process.off('warning', onWarning);
    await rm(folder, { recursive: true });
  });

  async function said(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const { io, written } = capturedIo({ env });
    const addresses = ['--grpc-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'];
    await within(10_000, (signal) =>
      runCli(['serve', ...addresses, '--log-level', 'silent', ...args], { ...io, signal }),
    );
    // Warnings of the process are given in a later turn.
    await new Promise((resolve) => setImmediate(resolve));
    return `${written.stdout}${written.stderr}${warnings.join('')}`;
  }

  it.each(Object.entries(files))('says why without what may be secret in its file: %s', async (_, text) => {
    const path = join(folder, 'config.yaml');
    writeFileSync(path, text);
    const words = await said(['--config', path]);
    expect(words).toMatch(/^forescale: /);
    expect(words).not.toContain('internal error');
    expect(words).not.toMatch(/S3CRET|hunter2/);
  });

  it.each(Object.entries(flags))('says why without what may be secret in a flag: %s', async (_, args) => {
    const words = await said(args);
    expect(words).toMatch(/^forescale: /);
    expect(words).not.toContain('internal error');
    expect(words).not.toMatch(/S3CRET|hunter2/);
  });

  it('says why without what may be secret in the environment', async () => {
    const words = await said([], { FORESCALE_PROMETHEUS_URL: `http://user:${secret}/pw@prom` });
    expect(words).toMatch(/^forescale: .*no URL/);
    expect(words).not.toMatch(/S3CRET|hunter2/);
  });
});
