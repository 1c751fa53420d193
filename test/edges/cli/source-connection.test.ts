import { rmSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/run.ts';
import { everyPoint, type FakeApi, startFakeApi } from '../history/prometheus/fake-api.ts';
import { temporaryFolder } from './made-history.ts';
import { capturedIo, runCommand } from './run-command.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
let api: FakeApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

const at = String(Math.floor(Date.now() / 1000));

describe.each(['forecast', 'explain', 'backtest'])(
  '%s of a source that wants more than an address',
  (name) => {
    const ask = (...args: string[]) =>
      runCommand([name, '--prometheus', api?.url ?? '', '--query', 'x', '--range', '3d', ...args]).catch(
        (error: unknown) => error,
      );

    it('sends headers, parameters and a token', async () => {
      api = await startFakeApi(everyPoint);
      const token = folder.file('token', 's3cret-token\n');
      await ask(
        ...['--header', 'X-Scope-OrgID=team-a', '--header', 'X-Extra=a=b, c'],
        ...['--query-parameter', 'dedup=true', '--query-parameter', 'namespace=shop'],
        ...['--bearer-token-file', token],
      );
      const [request] = api.requests;
      expect(request?.headers).toMatchObject({
        'x-scope-orgid': 'team-a',
        'x-extra': 'a=b, c',
        authorization: 'Bearer s3cret-token',
      });
      expect(request?.url).toBe('/api/v1/query_range?dedup=true&namespace=shop');
    });

    it.each([
      [['--header', 'S3CRET'], /--header.*must be name=value/],
      [['--header', '=S3CRET'], /--header.*must be name=value/],
      [['--header', 'a=S3CRET', '--header', 'a=2'], /--header.*once for each name/],
      [['--query-parameter', 'S3CRET'], /--query-parameter.*must be name=value/],
      [['--cert-file', 'S.crt'], /--cert-file: needs both --cert-file and --key-file/],
      [['--key-file', 'S.key'], /--key-file: needs both/],
      [['--ca-file', '/nowhere/ca.crt'], /tls\.caFile \(--ca-file\): cannot read \/nowhere\/ca\.crt/],
    ])('refuses %j, with the flag and without a secret', async (args, message) => {
      api = await startFakeApi(everyPoint);
      const error = await ask(...args);
      expect(String(error)).toMatch(message);
      expect(String(error)).not.toContain('S3CRET');
      expect(api.requests).toEqual([]);
    });
  },
);

it('a file that is no certificate is named by its flag', async () => {
  const file = folder.file('ca.crt', 'text');
  writeFileSync(file, 'still text');
  const asked = ['--prometheus', 'https://127.0.0.1:9', '--query', 'x', '--at', at, '--ca-file', file];
  await expect(runCommand(['forecast', ...asked])).rejects.toThrow(/--ca-file\): .*has no certificate/);
  rmSync(file);
});

it.each(['forecast', 'explain', 'backtest'] as const)('the help of %s shows how to connect', async (name) => {
  const { io } = capturedIo();
  const command = new Command(name);
  await commands[name].add(command, io);
  const help = command.helpInformation();
  for (const flag of [
    '--ca-file <file>',
    '--cert-file <file>',
    '--key-file <file>',
    '--header <name=value>',
    '--query-parameter <name=value>',
    '--bearer-token-file <file>',
  ]) {
    expect(help).toContain(flag);
  }
});
