import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders with libraries of the machine's kind in a folder into which Debian packages are unpacked; none where nothing is. */
export function packageLibraries(packages: string): readonly string[] {
  return ['lib', 'usr/lib'].flatMap((place) =>
    namesIn(join(packages, place))
      .filter((name) => name.endsWith('-linux-gnu'))
      .map((name) => join(packages, place, name)),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
