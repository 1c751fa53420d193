import { describe, expect, it } from 'vitest';
import { version } from '../../src/platform/process/version.ts';
import { whyMissing } from '../real/real-programs.ts';
import { readDocument, section, tableRows } from '../repository/markdown.ts';
import { chartObjects, readChartFile } from './chart.ts';
import { ofKind } from './manifest.ts';
import { dryInstall, renderChart } from './rendered.ts';

const missing = await whyMissing('helm');

interface Schema {
  readonly deprecated?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Paths of the values that the schema marks as deprecated. */
function formerValues({ properties = {} }: Schema, above = ''): readonly string[] {
  return Object.entries(properties).flatMap(([name, schema]) =>
    schema.deprecated === true ? [`${above}${name}`] : formerValues(schema, `${above}${name}.`),
  );
}

/** How each former value was set, with what else has to be on for it to have had an effect; and the remedy. */
const former: Readonly<Record<string, { readonly set: readonly string[]; readonly remedy: RegExp }>> = {
  'apiToken.generate': {
    set: ['apiToken.generate=true'],
    remedy:
      /create secret generic forescale-api-token .*annotate secret forescale-api-token helm\.sh\/resource-policy=keep.*apiToken\.existingSecret to forescale-api-token/,
  },
  'ingress.host': {
    set: ['ingress.enabled=true', 'ingress.host=shop.example.com'],
    remedy: /set ingress\.hosts to \[shop\.example\.com\]/,
  },
};

describe('values of former versions of the chart', () => {
  it('are those that docs/upgrading.md tells in the sections of versions, and those that are refused', () => {
    const inSchema = formerValues(JSON.parse(readChartFile('values.schema.json')) as Schema);
    expect([...inSchema].sort()).toEqual(Object.keys(former).sort());
    const told = tableRows(readDocument('docs/upgrading.md').text).map(([name = '']) =>
      name.replaceAll('`', ''),
    );
    // Another table tells of metrics.
    const inDocument = told.filter((name) => !name.startsWith('forescale_'));
    expect(inDocument.length).toBeLessThan(told.length);
    expect(inDocument.sort()).toEqual(Object.keys(former).sort());
  });

  it('have a section for the version of this checkout', () => {
    expect(section(readDocument('docs/upgrading.md'), version).length).toBeGreaterThan(100);
  });

  it.skipIf(missing).each(Object.entries(former))(
    '%s is refused with what to write in its place, and that is taken (needs helm)',
    async (name, { set, remedy }) => {
      const refused = await chartObjects('default', ...set).catch((error: Error) => error.message);
      expect(refused).toMatch(new RegExp(`${name.replace('.', '\\.')} was (?:removed|renamed)`));
      expect(refused).toMatch(remedy);
      expect(refused).toContain('docs/upgrading.md');
    },
  );

  it.skipIf(missing)('do no harm where they have no effect (needs helm)', async () => {
    const set = ['apiToken.generate=false', 'ingress.host=shop.example.com'];
    expect(await chartObjects('default', ...set)).toEqual(await chartObjects('default'));
  });
});

describe.skipIf(missing)('the chart, rendered by a tool that asks no cluster (needs helm)', () => {
  it('is the same at every rendering, with every set of values', async () => {
    const sets = ['default', 'exposed', 'kube-prometheus-stack', 'mutual-tls', 'openshift', 'persistent'];
    for (const set of sets) {
      const values = ['--values', `k8s/charts/forescale/ci/${set}.yaml`];
      expect(await renderChart(values)).toBe(await renderChart(values));
    }
  });

  it('makes no Secret, and says at install how to make that of the token', async () => {
    for (const set of ['default', 'kube-prometheus-stack', 'mutual-tls', 'existing-secrets'])
      expect(ofKind(await chartObjects(set), 'Secret')).toEqual([]);
    const create = 'create secret generic forescale-api-token --from-literal=token=';
    expect(await dryInstall([])).toContain(create);
    expect(await dryInstall(['--set', 'apiToken.existingSecret=mine'])).not.toContain(create);
  });
});
