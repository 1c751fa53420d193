import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedPackages, type UsedPackage } from './packages.ts';

/** Where the notices are, relative to the project root. The image and the npm package contain them. */
export const noticesPath = 'THIRD_PARTY_NOTICES';

const header = `Forescale contains, or installs with itself, the packages listed here. Each is under its own licence, whose text follows its name.
Packages whose texts are the same are listed together. \`make docs\` writes this file.
`;
const rule = '-'.repeat(100);

/** The names and the licence texts of every package that is shipped. */
export function thirdPartyNotices(): string {
  const byText = Map.groupBy(shippedPackages(), textsOf);
  const sections = [...byText].map(([text, packages]) => `${packages.map(titleOf).join('\n')}\n\n${text}\n`);
  return [header, ...sections].join(`\n${rule}\n\n`);
}

function titleOf({ name, version, license }: UsedPackage): string {
  return `${name} ${version} (${license})`;
}

/** What the files of a package say of its licence. */
function textsOf({ path }: UsedPackage): string {
  const files = readdirSync(path).filter((name) => /^(?:licen[cs]e|copying|notice)/i.test(name));
  if (files.length === 0) return 'The package has no file with its licence; its package.json names it.';
  return files.map((name) => plain(readFileSync(join(path, name), 'utf8'))).join('\n\n');
}

const plain = (text: string) =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[ \t]+$/gm, '')
    .trim();
