import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { shippedPolicy, toolPolicy } from './licence-policy.ts';
import { lockedPackages, packageFolders, shippedPackages } from './packages.ts';
import { refusedLicences } from './refused-licences.ts';
import { audit } from './vulnerabilities.ts';

// `make supply-chain` judges every package that we use: its licence by our policy, and whether the registry knows a vulnerability
// of it. With `--required` a registry that cannot be asked is a failure; otherwise it is told.

const { required } = parseArgs({ options: { required: { type: 'boolean', default: false } } }).values;
let failures = 0;
let unchecked = 0;

function say(what: string, faults: readonly string[]): void {
  console.log(`${faults.length === 0 ? 'fine' : 'refused'}  ${what}`);
  for (const fault of faults) console.log(`  ${fault}`);
  failures += faults.length;
}

const shipped = shippedPackages();
say(`licences of ${shipped.length} packages that are shipped`, refusedLicences(shipped, shippedPolicy));
for (const folder of packageFolders) {
  const used = lockedPackages(folder);
  say(
    `licences of ${used.length} packages of ${folder}/package-lock.json`,
    refusedLicences(used, toolPolicy),
  );
}

// What is shipped must have no known vulnerability at all. Tools are given nothing by strangers, so only grave ones matter.
const questions = [
  { folder: '.', onlyShipped: true, least: 'info' },
  ...packageFolders.map((folder) => ({ folder, onlyShipped: false, least: 'high' }) as const),
] as const;
for (const { folder, onlyShipped, least } of questions) {
  const what = `known vulnerabilities of ${onlyShipped ? 'what is shipped' : `${folder}/package-lock.json, ${least} and worse`}`;
  const told = await audit(fileURLToPath(new URL(`../../${folder}`, import.meta.url)), least, {
    onlyShipped,
    env: process.env,
  });
  if (told.kind === 'checked') say(what, told.found);
  else {
    console.log(`unchecked  ${what}: ${told.why}`);
    unchecked++;
  }
}
if (unchecked > 0) console.log(`unchecked: ${unchecked} lists of known vulnerabilities`);
process.exitCode = failures > 0 || (required && unchecked > 0) ? 1 : 0;
