import { afterAll, describe, expect, it } from 'vitest';
import type { WhatIfFlags } from '../../../src/cli/commands/what-if.ts';
import { chooseScaler } from '../../../src/cli/what-if/choose-scaler.ts';
import { temporaryFolder } from './made-history.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const shards = [
  { name: 'front', namespaces: ['web'], scalerAddress: 'forescale-front:6000' },
  { name: 'back', namespaces: ['search'], scalerAddress: 'forescale-back:6000' },
];
const config = folder.file('forescale.yaml', JSON.stringify({ shard: 'front', shards }));
const alone = folder.file('alone.yaml', '{}');

async function chosen(values: { config?: string; shard?: string }, namespace?: string) {
  const wrong: string[] = [];
  const flags = { values, wrong: (flag: string, message: string) => void wrong.push(`${flag} ${message}`) };
  const scaler = await chooseScaler(flags as unknown as WhatIfFlags, namespace);
  return wrong[0] ?? scaler;
}

describe('the server that a generated ScaledObject asks', () => {
  it('is the shard of the namespace, or the one that is named', async () => {
    expect(await chosen({ config }, 'search')).toEqual({ scalerAddress: 'forescale-back:6000' });
    expect(await chosen({ config, shard: 'back' }, 'web')).toEqual({
      scalerAddress: 'forescale-back:6000',
      shard: 'back',
    });
  });

  it('is the usual release where there are no shards', async () => {
    const usual = { scalerAddress: 'forescale.forescale.svc:6000' };
    expect(await chosen({})).toEqual(usual);
    expect(await chosen({ config: alone }, 'web')).toEqual(usual);
  });

  it('is asked for where no shard is known for the workload', async () => {
    expect(await chosen({ config })).toBe('--shard say which of front, back, or the namespace by --manifest');
    expect(await chosen({ config }, 'bank')).toBe(
      '--shard no shard serves the namespace bank; say which of front, back',
    );
    expect(await chosen({ config, shard: 'bank' })).toBe(
      '--shard no shard has that name; use one of front, back',
    );
    expect(await chosen({ shard: 'back' })).toMatch(/^--shard goes with --config/);
  });
});
