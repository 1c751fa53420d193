import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../../tools/supply-chain/vulnerabilities.ts';

const shipped = 'made-parser';
const tool = 'made-tool';
const entryOf = (dev: boolean) => ({ version: '1.0.0', integrity: 'sha512-made', ...(dev && { dev }) });
const advisory = (id: number, severity: string) => ({
  id,
  severity,
  title: `fault ${id}`,
  url: `https://example.com/${id}`,
  vulnerable_versions: '<2.0.0',
});

describe('known vulnerabilities, asked by npm of a registry', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-audit-'));
  const registry = fastify();
  /** What the registry knows now; undefined where it does not answer such questions. */
  let known: Readonly<Record<string, readonly object[]>> | undefined;
  let env: Record<string, string | undefined>;
  const ask = (onlyShipped: boolean, least: 'low' | 'high' = 'low') =>
    audit(folder, least, { onlyShipped, env });

  beforeAll(async () => {
    // npm compresses its question, which names all packages; the answer does not depend on it.
    registry.removeAllContentTypeParsers();
    registry.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null));
    registry.post('/-/npm/v1/security/advisories/bulk', (_request, reply) =>
      known === undefined ? reply.code(405).send({}) : reply.send(known),
    );
    registry.get('/:name', ({ params }, reply) => {
      const { name } = params as { name: string };
      return reply.send({
        name,
        'dist-tags': { latest: '1.0.0' },
        versions: { '1.0.0': { name, version: '1.0.0' } },
      });
    });
    const url = await registry.listen({ host: '127.0.0.1', port: 0 });
    env = { ...process.env, npm_config_registry: url, npm_config_cache: join(folder, 'cache') };
    const asked = { dependencies: { [shipped]: '1.0.0' }, devDependencies: { [tool]: '1.0.0' } };
    const about = { name: 'made', version: '1.0.0', ...asked };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
    const packages = {
      '': about,
      [`node_modules/${shipped}`]: entryOf(false),
      [`node_modules/${tool}`]: entryOf(true),
    };
    writeFileSync(
      join(folder, 'package-lock.json'),
      JSON.stringify({ ...about, lockfileVersion: 3, packages }),
    );
  });
  afterAll(async () => {
    await registry.close();
    rmSync(folder, { recursive: true });
  });

  it('are none where the registry knows none', async () => {
    known = {};
    expect(await ask(false)).toEqual({ kind: 'checked', found: [] });
  });

  it('are named with their title and address', async () => {
    known = { [shipped]: [advisory(1, 'low')], [tool]: [advisory(2, 'critical')] };
    expect(await ask(false)).toEqual({
      kind: 'checked',
      found: [
        `${shipped}: low, fault 1 (https://example.com/1)`,
        `${tool}: critical, fault 2 (https://example.com/2)`,
      ],
    });
  });

  it('are those of what is shipped, or those that are grave, where no others are asked for', async () => {
    known = { [shipped]: [advisory(1, 'low')], [tool]: [advisory(2, 'critical')] };
    expect(await ask(true)).toMatchObject({ found: [expect.stringContaining(shipped)] });
    expect(await ask(false, 'high')).toMatchObject({ found: [expect.stringContaining(tool)] });
  });

  it('are unchecked, and not none, where the registry does not answer', async () => {
    known = undefined;
    expect(await ask(false)).toMatchObject({ kind: 'unchecked', why: expect.stringContaining('405') });
    const nobody = { ...env, npm_config_registry: 'http://127.0.0.1:9' };
    expect(await audit(folder, 'low', { onlyShipped: false, env: nobody })).toMatchObject({
      kind: 'unchecked',
    });
  });
});
