import { describe, expect, it } from 'vitest';
import { duration } from '../../../src/platform/duration.ts';
import { missingSettings, unknownNames } from '../../../src/platform/setting-names.ts';
import { autoOr, number, oneOf, someText, whole } from '../../../src/platform/setting-values.ts';
import {
  environmentWriting,
  readSettings,
  type Setting,
  type SettingValues,
} from '../../../src/platform/settings.ts';

const table = {
  query: { meaning: 'PromQL of the demand', isRequired: true, ...someText },
  threshold: { meaning: 'demand one replica carries', isRequired: true, ...number({ above: 0 }) },
  level: { meaning: 'wanted share of time', default: '0.99', ...number({ from: 0.5, to: 0.999 }) },
  horizon: {
    meaning: 'how far ahead',
    default: '2h',
    aliases: ['lookAhead'],
    ...duration({ from: '1s', to: '14d' }),
  },
  lead: { meaning: 'time to a ready pod', default: 'auto', ...autoOr(duration({ to: '24h' })) },
  mode: { meaning: 'what is served', ...oneOf(['active', 'reactive']) },
  calendar: { meaning: 'name of a calendar', withoutEffect: 'there are none yet', ...someText },
  token: { meaning: 'what callers must show', name: 'THE_TOKEN', isSecret: true, ...whole({ from: 1000 }) },
} as const satisfies Record<string, Setting<unknown>>;

const required = { query: 'up', threshold: '10' };

describe('readSettings', () => {
  it('works out once what depends on nothing that is given, because triggers are read by the thousand', () => {
    const parsed: string[] = [];
    const level = { meaning: 'a level', default: '0.99', ...number({}) } as const;
    const counted = {
      level: {
        ...level,
        parse(text: string) {
          parsed.push(text);
          return level.parse(text);
        },
      },
    } satisfies Record<string, Setting<unknown>>;
    const read = (texts: Record<string, string>) =>
      readSettings(counted, texts, environmentWriting).values.level;
    expect([read({}), read({ level: '0.9' }), read({})]).toEqual([0.99, 0.9, 0.99]);
    expect(parsed).toEqual(['0.99', '0.9']);
  });

  it('parses what is given and the default texts of what is not', () => {
    const { values, given, fieldErrors, warnings } = readSettings(table, { ...required, mode: 'active' });
    expect([fieldErrors, warnings]).toEqual([[], []]);
    expect(values).toEqual({
      query: 'up',
      threshold: 10,
      level: 0.99,
      horizon: 7200,
      lead: 'auto',
      mode: 'active',
      calendar: undefined,
      token: undefined,
    });
    expect([...given.keys()]).toEqual(['query', 'threshold', 'mode']);
  });

  it('types each value after its parser, undefined only where a setting may be absent', () => {
    const values: SettingValues<typeof table> = readSettings(table, required).values;
    const typed: {
      query: string;
      level: number;
      lead: number | 'auto';
      mode: 'active' | 'reactive' | undefined;
      token: number | undefined;
    } = values;
    expect(typed).toBe(values);
    // @ts-expect-error: a setting without a default may be absent
    const mode: 'active' | 'reactive' = values.mode;
    expect(mode).toBeUndefined();
  });

  it('collects every text that is not allowed, in the order of the table', () => {
    const { fieldErrors } = readSettings(table, { mode: 'on', threshold: 'ten', lookAhead: '15d' });
    expect(fieldErrors).toEqual([
      { field: 'threshold', value: 'ten', message: 'threshold is "ten" but must be a number above 0' },
      {
        field: 'lookAhead',
        value: '15d',
        message: 'lookAhead is "15d" but must be a duration from 1s to 14d',
      },
      { field: 'mode', value: 'on', message: 'mode is "on" but must be active or reactive' },
    ]);
  });

  it('says it in the words of the place where the texts come from', () => {
    const notAllowed = (name: string, text: string, allowed: string) => `${name}: not "${text}", ${allowed}`;
    const { fieldErrors } = readSettings(table, { level: '2' }, { notAllowed });
    expect(fieldErrors[0]?.message).toBe('level: not "2", a number from 0.5 to 0.999');
  });

  it('never shows a secret', () => {
    const { fieldErrors } = readSettings(table, { ...required, THE_TOKEN: 'hunter2' });
    expect(fieldErrors).toEqual([
      { field: 'THE_TOKEN', message: 'THE_TOKEN must be a whole number of at least 1000' },
    ]);
  });

  it('warns of a setting that has no effect', () => {
    expect(readSettings(table, { ...required, calendar: 'sales' }).warnings).toEqual([
      { field: 'calendar', message: 'calendar has no effect: there are none yet' },
    ]);
  });

  it('takes an alias and a suffixed name, and lets the plain name win', () => {
    const writing = { suffix: 'FromEnv' };
    const horizonOf = (texts: Record<string, string>) => readSettings(table, texts, writing).values.horizon;
    expect(horizonOf({ lookAhead: '1h' })).toBe(3600);
    expect(horizonOf({ horizonFromEnv: '3h' })).toBe(10_800);
    expect(horizonOf({ horizonFromEnv: '3h', lookAhead: '1h', horizon: '4h' })).toBe(14_400);
    expect(readSettings(table, { horizonFromEnv: '3h' }).values.horizon).toBe(7200);
  });

  it('takes an empty variable for one that is not set, and an empty text elsewhere for what it is', () => {
    expect(readSettings(table, { level: ' ' }, environmentWriting).values.level).toBe(0.99);
    expect(readSettings(table, { level: '' }).fieldErrors.map(({ field }) => field)).toEqual(['level']);
  });

  it('finds the names of flags by how they are written', () => {
    const { values, given } = readSettings(table, { '--level': '0.9' }, { nameOf: (name) => `--${name}` });
    expect([values.level, given.get('level')]).toEqual([0.9, '--level']);
  });

  it('shows the beginning of a text of kilobytes', () => {
    const [error] = readSettings(table, { threshold: 'x'.repeat(60_000) }).fieldErrors;
    expect(error?.message.length).toBeLessThan(200);
    expect(error?.value?.length).toBe(60_000);
  });
});

describe('the names of settings', () => {
  it('are told from unknown ones, each with the one that was probably meant', () => {
    const texts = { threshold: '1', thresold: '1', horizonFromEnv: '1h', colour: 'red', constructor: 'x' };
    expect(unknownNames(table, texts, { suffix: 'FromEnv' })).toEqual([
      { name: 'colour', didYouMean: undefined },
      { name: 'constructor', didYouMean: undefined },
      { name: 'thresold', didYouMean: 'threshold' },
    ]);
  });

  it('say of a required one that is missing what it is, or which unknown one resembles it', () => {
    const texts = { thresold: '10' };
    const missing = missingSettings(table, readSettings(table, texts), unknownNames(table, texts));
    expect(missing.map(({ message }) => message)).toEqual([
      'query is required and missing; add it: PromQL of the demand',
      'threshold is required and missing; "thresold" is given: did you mean "threshold"?',
    ]);
  });
});
