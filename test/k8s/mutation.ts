import { readFileSync } from 'node:fs';
import { Document, parseAllDocuments } from 'yaml';

const goodSet = readFileSync(new URL('good-set.yaml', import.meta.url), 'utf8');

/** What is done to one object of the good set: a value is set at a path, or with `undefined` taken away. */
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
    // Without anchors, so that a change is one change.
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
