import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitTime, type Release, run } from '../release.ts';

/** The bill of materials of image and package, as CycloneDX. */
export const billOfMaterials = ({ out, version }: Pick<Release, 'out' | 'version'>): string =>
  join(out, 'sbom', `forescale-${version}.cdx.json`);

interface Bill {
  serialNumber: string;
  readonly metadata: { timestamp: string };
}

/** Lists what the image holds. npm makes up a number and takes the time of the day; here both follow from the commit. */
export async function sbom(release: Release): Promise<string> {
  const bill = JSON.parse(await run(release, 'npm', ['run', '--silent', 'image:sbom'])) as Bill;
  bill.metadata.timestamp = new Date(commitTime() * 1000).toISOString();
  bill.serialNumber = '';
  const hash = createHash('sha256').update(JSON.stringify(bill)).digest('hex');
  // A UUID of version 8, whose digits are ours to choose.
  const digits = `${hash.slice(0, 12)}8${hash.slice(13, 16)}8${hash.slice(17, 32)}`;
  bill.serialNumber = `urn:uuid:${digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
  const file = billOfMaterials(release);
  mkdirSync(join(release.out, 'sbom'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(bill, undefined, 2)}\n`);
  return file;
}
