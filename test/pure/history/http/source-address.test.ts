import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSourceAddress } from '../../../../src/history/http/source-address.ts';
import { createSources } from '../../../../src/history/profiles.ts';
import { withoutUserInfo } from '../../../../src/platform/without-user-info.ts';

const hidden = [
  'http://user:S3CRET@prom:9090/?x=1',
  'http://user:S3CRET/pw@evil',
  'http://user:S3CRET?pw@evil',
  'http://user:12#S3CRET@evil',
  'http://us@er:S3CRET@evil',
  '//user:S3CRET@evil',
  '///user:S3CRET@evil',
  'http:///user:S3CRET@evil:x',
  'ht\ntp://user:S3CRET@evil:x',
  'http://user:S3\nCRET@evil:x',
  'ftp://user:S3CRET@evil',
  'user:S3CRET@evil',
  'S3CRET@',
  'http:\\\\user:S3CRET@evil:x',
  'http://user:S3CRET%40evil:x',
  'http://user:S3CRET\uFF20evil:x',
  'http://user:12/S3CRET@evil',
  'http://user:12/S3CRET%40evil',
  'http://prom:9090/?token=S3CRET',
  'http://prom:9090/#S3CRET',
];

describe('an address in a message', () => {
  it.each(hidden)('shows nothing that may be secret: %j', (text) => {
    expect(withoutUserInfo(text)).not.toMatch(/S3|CRET|user/);
    const parsed = parseSourceAddress(text);
    expect(typeof parsed === 'string' ? parsed : parsed.base).not.toMatch(/S3|CRET/);
    const sources = createSources({ defaultUrl: undefined, profiles: [], allowedAddresses: ['http://prom'] });
    const shown = (work: () => unknown) => {
      try {
        work();
        return '';
      } catch (error) {
        return `${String(error)} ${JSON.stringify(error)}`;
      }
    };
    expect(shown(() => sources.resolve({ address: text, namespace: 'x' }))).not.toMatch(/S3|CRET/);
    for (const options of [
      { defaultUrl: text, profiles: [], allowedAddresses: [] },
      { defaultUrl: undefined, profiles: [{ name: 'p', url: text }], allowedAddresses: [] },
      { defaultUrl: undefined, profiles: [], allowedAddresses: [text] },
    ]) {
      expect(shown(() => createSources(options))).not.toMatch(/S3|CRET/);
    }
  });

  it('shows nothing before the last @, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[a-z0-9.:/]*$/), (before, host) => {
        expect(withoutUserInfo(`${before}@${host}`)).toBe(`…@${host}`);
      }),
    );
  });

  it('is whole where nothing can be secret', () => {
    expect(withoutUserInfo('http://prom:9090/select/0')).toBe('http://prom:9090/select/0');
  });
});

describe('credentials of an address', () => {
  it.each([
    ['http://metrics:s3cret100%@prom', 'metrics', 's3cret100%'],
    ['http://metrics:50%off@prom', 'metrics', '50%off'],
    ['http://metrics:%zz%2@prom', 'metrics', '%zz%2'],
    ['http://metrics:a%3Ab%@prom', 'metrics', 'a:b%'],
    ['http://100%:x@prom', '100%', 'x'],
    ['http://m:%ff@prom', 'm', '%ff'],
    ['http://m:p%C3%A4ss@prom', 'm', 'päss'],
    ['http://m:pä ss^@prom', 'm', 'pä ss^'],
  ])('may have a %% that encodes nothing: %s', (url, username, password) => {
    expect(parseSourceAddress(url)).toEqual({ base: 'http://prom', userInfo: { username, password } });
  });
});
