import { describe, expect, it } from 'vitest';
import { readSettings, settingFaults, settingTexts } from '../../../loadtests/lib/read-settings.ts';
import { scriptNames } from '../../../loadtests/lib/scripts.ts';
import { type LoadSetting, settings } from '../../../loadtests/lib/settings.ts';

const table = Object.values(settings) as readonly LoadSetting<unknown>[];

describe('the settings of the load tests', () => {
  it('have defaults that are allowed, for every script, short or not', () => {
    expect(scriptNames.length).toBeGreaterThan(6);
    for (const script of scriptNames) {
      for (const LOAD_SHORT of ['0', '1'])
        expect([script, settingFaults(script, { LOAD_SHORT })]).toEqual([script, []]);
    }
  });

  it('are read by scripts that exist, and none of k6’s own names is used', () => {
    for (const { name, scripts } of table) {
      expect(name).toMatch(/^LOAD_[A-Z0-9_]+$/);
      expect(scripts.length).toBeGreaterThan(0);
      expect(scriptNames).toEqual(expect.arrayContaining([...scripts]));
    }
  });

  it('take a script’s own default, the short one when asked, and what is set before both', () => {
    expect(readSettings('basic', {})).toMatchObject({ seconds: 300, peakRps: 50 });
    expect(readSettings('api', {})).toMatchObject({ seconds: 60, peakRps: 10 });
    expect(readSettings('basic', { LOAD_SHORT: '1' })).toMatchObject({
      seconds: 4,
      peakRps: 20,
      short: true,
    });
    expect(readSettings('basic', { LOAD_SHORT: '1', LOAD_SECONDS: ' 90 ' })).toMatchObject({ seconds: 90 });
    expect(readSettings('basic', { LOAD_SECONDS: '' })).toMatchObject({ seconds: 300 });
    expect(readSettings('realistic', { LOAD_HOLIDAYS: 'Monday, friday' }).holidays).toEqual([
      'monday',
      'friday',
    ]);
    expect(readSettings('smoke', { LOAD_URL: 'http://shop:80/base/' }).url).toBe('http://shop:80/base');
    expect(settingTexts('smoke', { LOAD_URL: 'http://x' }).get('LOAD_URL')).toBe('http://x');
  });

  it('name every value that is not allowed, all at once, with what would be', () => {
    expect(() =>
      readSettings('realistic', {
        LOAD_URL: 'shop',
        LOAD_PEAK_RPS: '0',
        LOAD_WEEK_SECONDS: 'short',
        LOAD_START_DAY: 'mon',
        LOAD_HOLIDAYS: 'monday,xmas',
        LOAD_SHORT: 'yes',
      }),
    ).toThrow(
      /^LOAD_URL is "shop" but must be an http.*; LOAD_PEAK_RPS is "0" .*; LOAD_WEEK_SECONDS is "short" .*; LOAD_START_DAY is "mon" .*; LOAD_HOLIDAYS is "monday,xmas" .*; LOAD_SHORT is "yes" but must be 0 or 1$/,
    );
    expect(settingFaults('basic', { LOAD_BASE_RPS: '60' })).toEqual([
      'LOAD_BASE_RPS is "60" but must be at most LOAD_PEAK_RPS, which is 50',
    ]);
    expect(
      settingFaults('scaler', { LOAD_GRPC_ADDRESS: 'host', LOAD_WORKLOAD: 'shop', LOAD_WORKLOADS: '1.5' }),
    ).toHaveLength(3);
    // They would be in every summary.
    expect(settingFaults('smoke', { LOAD_URL: 'http://user:secret@shop' })).toHaveLength(1);
    expect(settingFaults('smoke', { LOAD_URL: 'http://shop/@secret' })).toEqual([]);
    // What a script does not read cannot be wrong for it.
    expect(settingFaults('smoke', { LOAD_WEEK_SECONDS: 'short' })).toEqual([]);
  });
});
