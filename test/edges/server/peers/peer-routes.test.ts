import { afterEach, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../../src/api/app.ts';
import type { ApiInstance } from '../../../../src/api/instance.ts';
import type { ModeSwitched, PeerSide } from '../../../../src/api/peers.ts';
import type { ApiOptions } from '../../../../src/api/ports.ts';
import { apiOptions } from '../../api/fixture.ts';
import { recordOf } from '../../api/record-fixture.ts';

const known = 'a'.repeat(64);
const told = ['/api/v1/peers/state', '/api/v1/known-workloads', `/api/v1/peers/snapshots/${known}`];
const record = { kind: 'triggers', namespace: 'shop', name: 'web' };
const switched: ModeSwitched = { mode: 'reactive', at: 1_767_690_000 };

describe('the routes for other replicas', () => {
  let app: ApiInstance;
  let taken: ModeSwitched[];
  afterEach(() => app.close());

  async function serve(options: Partial<ApiOptions>): Promise<void> {
    taken = [];
    const peerSide: PeerSide = {
      state: () => ({
        ...{ protocol: 1, replica: 'own', instance: 'a', version: '1.0.0' },
        ...{ mode: 'active', switched: null, asked: [] },
      }),
      takeMode: (one) => void taken.push(one),
      ownRecord: recordOf([]),
      ownEvents: () => [],
      snapshot: async (name) => (name === known ? new Uint8Array(1) : undefined),
    };
    const knownLines = async function* () {
      yield '{}\n';
    };
    app = await createApiApp(apiOptions({ peerSide, knownLines, boundToLoopback: false, ...options }));
  }

  async function statuses(authorization?: string): Promise<readonly number[]> {
    const headers = authorization === undefined ? {} : { authorization };
    const asked = [
      ...told.map((url) => app.inject({ url, headers })),
      app.inject({ method: 'POST', url: '/api/v1/peers/record', headers, payload: record }),
      app.inject({ method: 'POST', url: '/api/v1/peers/mode', headers, payload: switched }),
    ];
    return (await Promise.all(asked)).map(({ statusCode }) => statusCode);
  }

  it('tell and take nothing without the token, where there is one', async () => {
    await serve({ token: async () => 'right' });
    expect(await statuses()).toEqual([401, 401, 401, 401, 401]);
    expect(await statuses('Bearer wrong')).toEqual([401, 401, 401, 401, 401]);
    expect(taken).toEqual([]);
    expect(await statuses('Bearer right')).toEqual([200, 200, 200, 200, 200]);
    expect(taken).toEqual([switched]);
  });

  it('take nothing from anybody, where there is none', async () => {
    await serve({ token: undefined });
    expect(await statuses('Bearer any')).toEqual([200, 200, 200, 200, 401]);
    expect(taken).toEqual([]);
  });

  it('have no snapshot of a model that is not there', async () => {
    await serve({ token: undefined });
    for (const [name, status] of [
      [known, 200],
      ['b'.repeat(64), 404],
      ['..%2Fx', 400],
      ['A', 400],
    ] as const) {
      const { statusCode } = await app.inject({ url: `/api/v1/peers/snapshots/${name}` });
      expect(statusCode).toBe(status);
    }
  });
});
