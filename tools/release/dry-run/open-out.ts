import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What the steps of a release leave in its folder. */
const made = ['chart', 'files', 'image', 'npm', 'sbom', 'notes.md', 'pushed.json'] as const;

/** Makes the folder of a release, without what an earlier one left there. Files of others stay: any folder may be named. */
export function openOut(folder: string): void {
  for (const name of made) rmSync(join(folder, name), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
