import { readFileSync } from 'node:fs';
import { Document, parseAllDocuments } from 'yaml';

const goodSet = readFileSync(new URL('good-set.yaml', import.meta.url), 'utf8');

/** A change to one object of the good set: a value is set at a path, or removed with `undefined`. */
export interface Mutation {
  readonly kind: string;
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** The container of the good set's Deployment. */
export const container = ['spec', 'template', 'spec', 'containers', 0] as const;

/** The good set with the mutations. Throws where there is no such object. */
export function brokenSet(...mutations: readonly Mutation[]): string {
  const documents = parseAllDocuments(goodSet).map(
    // YAML anchors are expanded, so that a change affects one place only.
    (document) => new Document(document.toJS(), { aliasDuplicateObjects: false }),
  );
  for (const { kind, path, value } of mutations) {
    const document = documents.find((one) => one.get('kind') === kind);
    if (document === undefined) throw new Error(`the good set has no ${kind}`);
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  return documents.map((document) => document.toString()).join('---\n');
}
