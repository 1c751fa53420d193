import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAllowedAddress, isSameAddress } from '../../../src/history/allow-list.ts';

const allowed = ['http://prometheus.monitoring:9090', 'https://vm.example/select/1/prometheus'];

describe('an address is allowed', () => {
  it.each([
    'http://prometheus.monitoring:9090',
    'http://prometheus.monitoring:9090/',
    'HTTP://Prometheus.Monitoring:9090',
    'http://prometheus.monitoring:9090/any/path/below',
    'https://vm.example/select/1/prometheus',
    'https://vm.example:443/select/1/prometheus/',
    'https://vm.example/select/2/../1/prometheus',
  ])('as %s', (address) => {
    expect(isAllowedAddress(address, allowed)).toBe(true);
  });
});

describe('an address is refused', () => {
  it.each([
    ['another port', 'http://prometheus.monitoring:9091'],
    ['another scheme', 'https://prometheus.monitoring:9090'],
    ['a longer host', 'http://prometheus.monitoring.evil.com:9090'],
    ['the allowed host as user', 'http://prometheus.monitoring:9090@evil.com'],
    ['credentials', 'http://me:pw@prometheus.monitoring:9090'],
    ['a trailing dot', 'http://prometheus.monitoring.:9090'],
    ['another tenant', 'https://vm.example/select/10/prometheus'],
    ['the path above', 'https://vm.example/select/1'],
    ['a way out of the path', 'https://vm.example/select/1/prometheus/../../2/prometheus'],
    ['an encoded way out', 'https://vm.example/select/1/prometheus/%2e%2e/%2e%2e/2'],
    ['an encoded slash', 'https://vm.example/select/1/prometheus%2f..%2f..%2f2'],
    ['a backslash', 'https://vm.example/select/1/prometheus\\..\\..\\2'],
    ['a backslash for the host', 'http:\\\\prometheus.monitoring:9090'],
    ['an empty segment', 'https://vm.example/select/1/prometheus//x'],
    ['a query', 'http://prometheus.monitoring:9090/?x=1'],
    ['a fragment', 'http://prometheus.monitoring:9090/#x'],
    ['a line break', 'http://prometheus.monitoring:9090/\nx'],
    ['a tab within the host', 'http://prometheus.monito\tring:9090'],
    ['a letter that looks alike', 'http://prometheus.monitоring:9090'],
    ['no scheme', 'prometheus.monitoring:9090'],
    ['another protocol', 'file:///etc/passwd'],
    ['nothing', ''],
  ])('with %s', (_, address) => {
    expect(isAllowedAddress(address, allowed)).toBe(false);
  });
});

describe('whatever is written', () => {
  const prefix = 'http://prom.internal:9090/select/1';
  const segment = fc.stringMatching(/^[a-z0-9_-]{1,8}$/);

  it('an allowed address connects to the allowed origin, below the allowed path', () => {
    const pieces = fc.constantFrom(
      '..',
      '.',
      '/',
      '//',
      '\\',
      '@',
      ':',
      '#',
      '?',
      '%2e%2e',
      '%2f',
      ' ',
      'evil.com',
    );
    const tail = fc.array(fc.oneof(pieces, segment), { maxLength: 8 }).map((parts) => parts.join(''));
    // Every URL of another host is refused for the same reason, and such URLs are slow to make: they are few.
    const address = fc.oneof(
      { weight: 5, arbitrary: tail.map((text) => prefix + text) },
      {
        weight: 4,
        arbitrary: fc.tuple(tail, tail).map(([a, b]) => `http://${a}prom.internal:9090${b}/select/1`),
      },
      { weight: 1, arbitrary: fc.webUrl() },
    );
    let seenAllowed = 0;
    fc.assert(
      fc.property(address, (text) => {
        if (!isAllowedAddress(text, [prefix])) return;
        seenAllowed++;
        const url = new URL(text);
        expect(url.origin).toBe('http://prom.internal:9090');
        expect(`${url.pathname}/`.startsWith('/select/1/')).toBe(true);
        expect(url.username + url.password + url.search + url.hash).toBe('');
      }),
      { numRuns: 1_200 },
    );
    expect(seenAllowed).toBeGreaterThan(20);
  });

  it('everything plainly below an allowed path is allowed, and only equal paths are the same', () => {
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
        const address = `${prefix}/${segments.join('/')}`;
        expect(isAllowedAddress(address, [prefix])).toBe(true);
        expect(isAllowedAddress(prefix, [address])).toBe(false);
        expect(isSameAddress(address, prefix)).toBe(false);
        expect(isSameAddress(`${address}/`, address)).toBe(true);
      }),
    );
  });
});
