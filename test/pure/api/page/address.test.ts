import { describe, expect, it } from 'vitest';
import { apiPath, momentOf, readAddress, writeAddress } from '../../../../src/api/page/frame/address.js';

describe('the address of a view', () => {
  it.each([
    ['', { view: 'overview', namespace: '', name: '', parameters: {} }],
    ['#/?search=shop&state=blind', { view: 'overview', parameters: { search: 'shop', state: 'blind' } }],
    ['#/shop/web', { view: 'workload', namespace: 'shop', name: 'web', parameters: {} }],
    ['#shop/web', { view: 'workload', namespace: 'shop', name: 'web', parameters: {} }],
    ['#shop/web?trigger=a1b2', { view: 'workload', parameters: { trigger: 'a1b2' } }],
    ['#/shop/web?range=1d&at=1767603600', { parameters: { range: '1d', at: '1767603600' } }],
    ['#/shop/web/what-if?target=12', { view: 'what-if', name: 'web', parameters: { target: '12' } }],
    ['#/shop', { view: 'overview' }],
    ['#/sh%zzop/web', { view: 'workload', namespace: 'sh%zzop' }],
  ])('reads %s', (hash, address) => {
    expect(readAddress(hash)).toMatchObject(address);
  });

  it('is read as it was written, whatever the names', () => {
    for (const view of ['workload', 'what-if'] as const) {
      const address = { view, namespace: 'a b/c?', name: 'x#y&z', parameters: { at: '1', range: '8h' } };
      expect(readAddress(writeAddress(address))).toEqual(address);
    }
  });

  it('leaves out what is not chosen, so that a link to a workload survives edits of its trigger', () => {
    const parameters = { trigger: undefined as unknown as string, at: '', range: '1d' };
    expect(writeAddress({ view: 'workload', namespace: 'shop', name: 'web', parameters })).toBe(
      '#/shop/web?range=1d',
    );
    expect(apiPath({ namespace: 'shop', name: 'a/b' })).toBe('/api/v1/workloads/shop/a%2Fb');
  });

  it('names a moment by unix seconds or as an ISO time', () => {
    expect(momentOf({ at: '1767603600' })).toBe(1_767_603_600);
    expect(momentOf({ at: '2026-01-05T09:00Z' })).toBe(1_767_603_600);
    for (const none of [{}, { at: '' }, { at: 'yesterday' }]) expect(momentOf(none)).toBeUndefined();
  });
});
