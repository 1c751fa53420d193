import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';

/** A value of the chart that users may set. */
export interface ChartValue {
  /** Full path of the value, such as `tls.enabled`. */
  readonly path: string;
  /** Default value, as JSON on one line. */
  readonly byDefault: string;
  /** The comment above the value; empty where there is none. */
  readonly meaning: string;
}

/**
 * Lists every value of a chart's values.yaml. A map counts as a group of values where an entry in it has a comment, and as one
 * value otherwise.
 */
export function chartValues(valuesYaml: string): readonly ChartValue[] {
  const { contents } = parseDocument(valuesYaml);
  return isMap(contents) ? valuesIn(contents, []) : [];
}

function valuesIn(map: YAMLMap, above: readonly string[]): readonly ChartValue[] {
  return map.items.flatMap((pair, index) => {
    const path = [...above, String(isScalar(pair.key) ? pair.key.value : pair.key)];
    const { value } = pair;
    if (isMap(value) && value.items.some((_, child) => commentOf(value, child) !== ''))
      return valuesIn(value, path);
    const byDefault = JSON.stringify(isMap(value) || !isScalar(value) ? toJson(value) : value.value);
    return [{ path: path.join('.'), byDefault, meaning: commentOf(map, index) }];
  });
}

function toJson(node: Pair['value']): unknown {
  return (node as { toJSON(): unknown } | null)?.toJSON() ?? null;
}

/** The comment above the first entry of a map belongs to the map. */
function commentOf(map: YAMLMap, index: number): string {
  const key = map.items[index]?.key;
  const own = isScalar(key) ? key.commentBefore : undefined;
  return (own ?? (index === 0 ? map.commentBefore : undefined) ?? '').replaceAll(/\s+/g, ' ').trim();
}
