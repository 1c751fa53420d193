import { describe, expect, it } from 'vitest';
import { defaultKind, sourceKinds } from '../../src/history/kinds.ts';
import { createSources } from '../../src/history/profiles.ts';
import { triggerKeys } from '../../src/scaler/index.ts';
import { parseTriggerMetadata } from '../../src/scaler/trigger-metadata.ts';
import { parseServerFile, type ServerFile, ServerFileSchema } from '../../src/server/config.ts';
import { readTiming } from '../../src/server/timing.ts';
import { settings } from '../../src/telemetry-app/environment.ts';
import { flagsOf } from '../support/commands.ts';
import { fences, readDocument, section, tableRows } from './markdown.ts';
import { settingRows } from './setting-rows.ts';

const configuration = readDocument('docs/configuration.md');
const rowsOf = (heading: string) => tableRows(section(configuration, heading));
const codeOr = (text: string | undefined, absent: string) => (text === undefined ? absent : `\`${text}\``);

/** A property of the configuration file that has a value of its own. */
interface Leaf {
  readonly path: string;
  readonly byDefault: string;
  readonly description: string | undefined;
}

interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly allOf?: readonly { readonly else: SchemaNode }[];
}

// What typebox makes is JSON Schema; its types are not.
const fileSchema = ServerFileSchema as unknown as SchemaNode;

/** Leaves of a profile by its kind of source: each kind has a branch. */
const profileLeaves = new Map<string, readonly Leaf[]>();
const kindBranches = fileSchema.properties?.['profiles']?.items?.allOf ?? [];
for (const [index, kind] of Object.keys(sourceKinds).entries()) {
  profileLeaves.set(kind, leaves(kindBranches[index]?.else ?? {}, 'profiles[]'));
}

/** Whether every kind of source has this setting, with the same words. */
const isOfEveryKind = ({ path, description }: Leaf) =>
  [...profileLeaves.values()].every((all) =>
    all.some((one) => one.path === path && (one.description === description || path.endsWith('.kind'))),
  );

function leaves(node: SchemaNode, path = '', isRequired = false): Leaf[] {
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([name, child]) =>
      leaves(child, path === '' ? name : `${path}.${name}`, node.required?.includes(name) === true),
    );
  }
  if (node.items?.properties !== undefined) return leaves(node.items, `${path}[]`);
  if (node.items?.allOf !== undefined) return (profileLeaves.get(defaultKind) ?? []).filter(isOfEveryKind);
  const byDefault = node.default === undefined ? undefined : String(node.default);
  return [
    {
      path,
      byDefault: codeOr(byDefault, isRequired ? '**required**' : 'none'),
      description: node.description,
    },
  ];
}

describe('docs/configuration.md', () => {
  it('lists every trigger key with its aliases, default, meaning and whether it has an effect, and no other', () => {
    const declared = settingRows(triggerKeys);
    expect(declared.length).toBeGreaterThan(20);
    expect(rowsOf('Trigger metadata')).toEqual(declared);
  });

  it('says in prose too which keys have no effect', () => {
    const [, prose = ''] = section(configuration, 'Trigger metadata').split('**Without effect yet.**');
    const paragraph = prose.split('\n\n')[0] ?? '';
    const without = Object.entries(triggerKeys).filter(([, key]) => 'withoutEffect' in key);
    expect(without.length).toBeGreaterThan(1);
    expect(without.map(([name]) => name).filter((name) => !paragraph.includes(`\`${name}\``))).toEqual([]);
  });

  it('lists every flag of serve with its variable, default and meaning, and no other', () => {
    const options = flagsOf('serve');
    expect(options.length).toBeGreaterThan(5);
    expect(rowsOf('Command line of serve')).toEqual(
      options.map(({ flags, variable, byDefault, meaning }) => [
        `\`${flags}\``,
        codeOr(variable, 'none'),
        codeOr(byDefault, 'none'),
        meaning,
      ]),
    );
  });

  it('lists every property of the configuration file with its default and meaning, and no other', () => {
    const declared = leaves(fileSchema);
    const rows = rowsOf('Configuration file');
    expect(declared.length).toBeGreaterThan(20);
    expect(rows.map(([path, byDefault]) => [path, byDefault])).toEqual(
      declared.map(({ path, byDefault }) => [`\`${path}\``, byDefault]),
    );
    // What has no words in the schema needs some in the document.
    expect(rows.map(([, , meaning]) => meaning)).toEqual(
      declared.map(({ description }) => description ?? expect.stringMatching(/\w/)),
    );
  });

  it('lists the settings that only one kind of source has, for every kind, and no other', () => {
    const declared = [...profileLeaves].flatMap(([kind, all]) =>
      all
        .filter((leaf) => !isOfEveryKind(leaf))
        .map(({ path, byDefault, description }) => [
          `\`${kind}\``,
          `\`${path.replace('profiles[].', '')}\``,
          byDefault,
          description,
        ]),
    );
    expect(new Set(declared.map(([kind]) => kind)).size).toBe(Object.keys(sourceKinds).length);
    const byKind = (a: readonly unknown[], b: readonly unknown[]) => Number(`${a[0]}` > `${b[0]}`) - 0.5;
    expect(rowsOf('Kinds of history source').toSorted(byKind)).toEqual(declared.toSorted(byKind));
  });

  it('shows a configuration file with every property, which the server accepts', async () => {
    const text = fences.find(
      ({ path, text: yaml }) => path === configuration.path && yaml.includes('profiles:'),
    )?.text;
    const file: ServerFile = parseServerFile(text ?? '', 'the example');
    expect(readTiming(file.timing).blindAge).toBe(1800);
    await createSources({
      defaultUrl: file.prometheusUrl,
      profiles: file.profiles ?? [],
      allowedAddresses: file.allowedAddresses ?? [],
    }).close();
    expect(file.workloads?.map(({ metadata }) => parseTriggerMetadata(metadata).warnings)).toEqual([[]]);
    const shown = leafPaths(file);
    const missing = [...leaves(fileSchema), ...[...profileLeaves.values()].flat()]
      .map(({ path }) => path)
      .filter((path) => !shown.some((one) => one === path || one.startsWith(`${path}.`)));
    expect(missing).toEqual([]);
  });

  it('lists every variable of the telemetry app with its default and meaning, and no other', () => {
    const declared = settingRows(settings);
    expect(declared.length).toBeGreaterThan(8);
    expect(rowsOf('Telemetry app')).toEqual(declared);
  });
});

/** Paths of everything in a document; the entries of a list all go by `[]`. */
function leafPaths(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) {
    const isOfObjects = value.some((entry) => typeof entry === 'object');
    return isOfObjects ? value.flatMap((entry) => leafPaths(entry, `${path}[]`)) : [path];
  }
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, child]) =>
    leafPaths(child, path === '' ? name : `${path}.${name}`),
  );
}
