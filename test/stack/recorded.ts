import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from './selectors.ts';

/** A file of test/stack/fixtures. */
export function fixture(name: string): string {
  return readFileSync(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)), 'utf8');
}

/** Its documents. */
export function recorded(name: string): KubernetesObject[] {
  return parseAllDocuments(fixture(name)).flatMap((one) => (one.toJS() as KubernetesObject | null) ?? []);
}
