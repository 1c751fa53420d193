import { readFile, stat } from 'node:fs/promises';
import { ForescaleError } from '../errors.ts';

/** A file that is read again when it changes, because Kubernetes and cert-manager renew tokens and certificates in place. */
export function createSecretFile(setting: string, path: string) {
  let known: { text: string; version: string } | undefined;
  return {
    /** The content, trimmed, and a version that changes with the file. */
    async read(): Promise<{ readonly text: string; readonly version: string }> {
      try {
        const { mtimeMs, size, ino } = await stat(path);
        const version = `${mtimeMs}/${size}/${ino}`;
        if (known?.version !== version) known = { text: (await readFile(path, 'utf8')).trim(), version };
      } catch (cause) {
        const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
        throw new ForescaleError('invalid-argument', `${setting}: cannot read ${path}: ${why}`, { cause });
      }
      if (known.text === '') {
        throw new ForescaleError('invalid-argument', `${setting}: ${path} is empty`);
      }
      return known;
    },
  };
}
