import { parseAllDocuments } from 'yaml';
import { ForescaleError } from '../../platform/errors.ts';
import type { Mapping } from './manifest-reader.ts';

/**
 * The first document of a YAML file that has one of the kinds. Throws a ForescaleError `invalid-argument` where the file is not YAML,
 * or has no such document; `file` is how the error names the source.
 */
export function findDocument(yaml: string, file: string, kinds: readonly string[]): Mapping {
  const others: string[] = [];
  for (const document of parseAllDocuments(yaml)) {
    const [error] = document.errors;
    if (error !== undefined) {
      const [line = ''] = error.message.split('\n');
      throw new ForescaleError('invalid-argument', `${file} is not YAML: ${line}`, { cause: error });
    }
    const root: unknown = document.toJS();
    if (typeof root !== 'object' || root === null) continue;
    const { kind } = root as Mapping;
    if (kinds.some((one) => one === kind)) return root as Mapping;
    if (typeof kind === 'string') others.push(kind);
  }
  const found = others.length === 0 ? '' : `, only ${[...new Set(others)].join(', ')}`;
  throw new ForescaleError(
    'invalid-argument',
    `${file} has no document with kind: ${kinds.join(' or ')}${found}; give the manifest you apply to the cluster`,
  );
}
