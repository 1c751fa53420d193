import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { ProfileSchema } from '../../src/history/profile-schema.ts';
import { namesOf } from '../../src/platform/settings.ts';
import { triggerKeys } from '../../src/scaler/trigger-keys.ts';
import { parseTriggerMetadata } from '../../src/scaler/trigger-metadata.ts';
import { fences, readDocument, section, tableRows } from './markdown.ts';

type Schema = { readonly properties?: Readonly<Record<string, Schema>> };
// The profiles of the first kind in the table, which is the default one.
const profileSchema = (ProfileSchema as unknown as { readonly allOf: readonly { readonly else: Schema }[] })
  .allOf[0]?.else;

const path = 'docs/migrate-from-predictkube.md';
const document = readDocument(path);

interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly authenticationRef?: unknown;
}
const [before, after] = fences
  .filter((fence) => fence.path === path && fence.language === 'yaml')
  .map(({ text }) => (parseYaml(text) as { triggers: Trigger[] }).triggers[0]);
const rows = tableRows(section(document, 'Line by line')).filter((cells) => cells.length === 3);
const whatToDo = new Map(rows.map(([key = '', what = '']) => [key.replaceAll('`', ''), what]));

/** All that predictkube's trigger reads (KEDA 2.20, pkg/scalers/predictkube_scaler.go). */
const ofPredictkube = [
  ...['prometheusAddress', 'query', 'queryStep', 'historyTimeWindow', 'predictHorizon'],
  ...['threshold', 'activationThreshold', 'apiKey', 'authModes'],
];

describe('the migration from predictkube', () => {
  it('says of each of its settings what becomes of it', () => {
    expect(rows.length).toBeGreaterThan(10);
    expect(ofPredictkube.filter((key) => !whatToDo.has(key))).toEqual([]);
    const kept = [...whatToDo].filter(([, what]) => what.startsWith('keep')).map(([key]) => key);
    const known = Object.entries(triggerKeys).flatMap(([name, setting]) => namesOf(name, setting));
    expect(kept.filter((key) => key !== 'metricType' && !known.includes(key))).toEqual([]);
  });

  it('makes the trigger after it of the one before it, by what it says and nothing else', () => {
    expect(before?.type).toBe('predictkube');
    expect(Object.keys(before?.metadata ?? {}).filter((key) => !ofPredictkube.includes(key))).toEqual([]);
    const { type: _, authenticationRef, metadata = {} } = before ?? {};
    expect(authenticationRef).toBeDefined();
    const scalerAddress = after?.metadata['scalerAddress'];
    expect(scalerAddress).toMatch(/:6000$/);
    expect(after).toEqual({ type: 'external', metadata: { scalerAddress, ...metadata } });
  });

  it('ends with a trigger that the scaler takes without a warning, every setting as it was', () => {
    const { settings, warnings } = parseTriggerMetadata(after?.metadata ?? {});
    expect(warnings).toEqual([]);
    expect(settings).toMatchObject({
      query: before?.metadata['query'],
      address: before?.metadata['prometheusAddress'],
      threshold: 10,
      activationThreshold: 5,
      historySeconds: 7 * 86_400,
      horizonSeconds: 2 * 3600,
      stepSeconds: 120,
    });
  });

  it('is right that what should be dropped, but is not, does no harm', () => {
    const kept = { ...after?.metadata, authModes: 'bearer', queryStep: '0' };
    const { settings, warnings } = parseTriggerMetadata(kept);
    expect(warnings.map(({ field }) => field)).toEqual(['authModes']);
    expect(settings.stepSeconds).toBe(60);
  });

  it('names settings of a profile that there are', () => {
    const profile = tableRows(section(document, 'Line by line'))
      .filter((cells) => cells.length === 2)
      .flatMap(([, cell = '']) => [...cell.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name));
    expect(profile.length).toBeGreaterThan(5);
    const has = (name: string) =>
      name
        .split('.')
        .reduce<Schema | undefined>((schema, key) => schema?.properties?.[key], profileSchema) !== undefined;
    expect(profile.filter((name) => !has(name))).toEqual([]);
    expect(has('bearerTokens')).toBe(false);
  });
});
