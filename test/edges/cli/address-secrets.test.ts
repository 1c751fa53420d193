import { describe, expect, it } from 'vitest';
import { type FlagTable, flagName } from '../../../src/cli/flags.ts';
import { commands, runCli } from '../../../src/cli/run.ts';
import { within } from '../../../src/platform/deadline.ts';
import { capturedIo } from './run-command.ts';

/** None of them can be used where `host:port` is wanted, nor is there such a file. */
const addresses = [
  'http://user:S3CRET@nowhere.invalid',
  'http://user:S3CRET@nowhere.invalid:6000',
  'http://user:S3CRET/pw@nowhere.invalid:6000',
  'user:S3CRET@nowhere.invalid:6000',
  'S3CRET@nowhere.invalid:6000',
  'http://user:S3CRET%40nowhere.invalid',
];

const hasScheme = (address: string) => address.includes('://');

type AddressFlag = readonly [command: string, flag: string, value: string];

/** The flags for an address, and those for a file, where an address may be given by mistake. */
async function addressFlags(): Promise<AddressFlag[]> {
  const names = Object.keys(commands).filter((name) => name !== 'demo');
  const declared = names.map(async (name) => {
    const { flags } = (await import(`../../../src/cli/commands/${name}.ts`)) as { flags: FlagTable };
    return Object.entries(flags).flatMap(([tableName, flag]): AddressFlag[] =>
      ['url', 'host:port', 'file'].includes(flag.value ?? '')
        ? [[name, flagName(tableName, flag), flag.value ?? '']]
        : [],
    );
  });
  return (await Promise.all(declared)).flat();
}

async function said(args: readonly string[]): Promise<string> {
  const { io, written } = capturedIo({ isTty: true });
  await within(20_000, (signal) => runCli(args, { ...io, signal }));
  return `${written.stdout}${written.stderr}`;
}

const flags = await addressFlags();

describe('an address with credentials', () => {
  it('is tried with every flag for an address', () => {
    expect(flags.filter(([, , value]) => value !== 'file').length).toBeGreaterThan(12);
  });

  it.each(flags)('is shown without them by %s %s', async (command, flag, value) => {
    const free = ['--grpc-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0', '--log-level', 'silent'];
    const usual = command === 'serve' ? free : [];
    // A URL may carry credentials, so that these are broken besides; and "@" is a character of files like any other.
    const wrong = { url: addresses.map((address) => `${address} x`), file: addresses.filter(hasScheme) };
    for (const address of wrong[value as keyof typeof wrong] ?? addresses) {
      const words = await said([command, ...usual, flag, address]);
      expect(words).toMatch(/^(?:forescale|error):? /m);
      expect(words).not.toContain('S3CRET');
    }
  });

  it('is shown without them in the place of a command', async () => {
    expect(await said(['http://user:S3CRET@nowhere.invalid'])).toMatch(/unknown command …@nowhere/);
  });
});
