import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';

const heading = /^ ?## (.+)$/m;

/** A value of the chart that users may set. */
export interface ChartValue {
  /** Full path of the value, such as `tls.enabled`. */
  readonly path: string;
  /** Default value, as JSON on one line. */
  readonly byDefault: string;
  /** The comment above the value; empty where there is none. */
  readonly meaning: string;
  /** The newest heading (`# ## Heading`) above the value; empty before the first. */
  readonly section: string;
}

/**
 * Lists every value of a chart's values.yaml. A map counts as a group of values where an entry in it has a comment, and as one
 * value otherwise.
 */
export function chartValues(valuesYaml: string): readonly ChartValue[] {
  const { contents, commentBefore } = parseDocument(valuesYaml);
  if (!isMap(contents)) return [];
  let section = heading.exec(commentBefore ?? '')?.[1] ?? '';
  return contents.items.flatMap((pair, index) => {
    section = headingAbove(contents, index) ?? section;
    return valuesOf(pair, commentOf(contents, index), []).map((value) => ({ ...value, section }));
  });
}

function valuesOf(
  pair: Pair,
  meaning: string,
  above: readonly string[],
): readonly Omit<ChartValue, 'section'>[] {
  const path = [...above, String(isScalar(pair.key) ? pair.key.value : pair.key)];
  const { value } = pair;
  if (isMap(value) && value.items.some((_, child) => commentOf(value, child) !== ''))
    return value.items.flatMap((one, child) => valuesOf(one, commentOf(value, child), path));
  const byDefault = JSON.stringify(isMap(value) || !isScalar(value) ? toJson(value) : value.value);
  return [{ path: path.join('.'), byDefault, meaning }];
}

function toJson(node: Pair['value']): unknown {
  return (node as { toJSON(): unknown } | null)?.toJSON() ?? null;
}

function headingAbove(map: YAMLMap, index: number): string | undefined {
  return heading.exec(linesAbove(map, index))?.[1];
}

/** What is said of an entry: the lines above it from the newest blank one on, without a heading. */
function commentOf(map: YAMLMap, index: number): string {
  const paragraph =
    linesAbove(map, index)
      .split(/\n\s*\n/)
      .at(-1) ?? '';
  return paragraph.replace(heading, '').replaceAll(/\s+/g, ' ').trim();
}

/** The comment above the first entry of a map belongs to the map. */
function linesAbove(map: YAMLMap, index: number): string {
  const key = map.items[index]?.key;
  const own = isScalar(key) ? key.commentBefore : undefined;
  return own ?? (index === 0 ? map.commentBefore : undefined) ?? '';
}
