import { fileURLToPath } from 'node:url';
import type { CommandIo } from '../../src/cli/command-io.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../../src/cli/flags.ts';
import { ownCommand, runAlone } from '../../src/cli/own-program.ts';
import { shippedPolicy, toolPolicy } from './licence-policy.ts';
import { lockedPackages, packageFolders, shippedPackages } from './packages.ts';
import { refusedLicences } from './refused-licences.ts';
import { audit } from './vulnerabilities.ts';

const flags = {
  required: { meaning: 'fail where the registry cannot be asked, in place of telling it', ...switchedOn },
} as const satisfies FlagTable;

// What is shipped must have no known vulnerability at all. Tools are given nothing by strangers, so only grave ones matter.
const questions = [
  { folder: '.', onlyShipped: true, least: 'info' },
  ...packageFolders.map((folder) => ({ folder, onlyShipped: false, least: 'high' }) as const),
] as const;

async function run({ values }: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  let failures = 0;
  let unchecked = 0;
  const say = (what: string, faults: readonly string[]) => {
    io.stdout(`${faults.length === 0 ? 'fine' : 'refused'}  ${what}\n`);
    for (const fault of faults) io.stdout(`  ${fault}\n`);
    failures += faults.length;
  };
  const shipped = shippedPackages();
  say(`licences of ${shipped.length} packages that are shipped`, refusedLicences(shipped, shippedPolicy));
  for (const folder of packageFolders) {
    const used = lockedPackages(folder);
    say(
      `licences of ${used.length} packages of ${folder}/package-lock.json`,
      refusedLicences(used, toolPolicy),
    );
  }
  for (const { folder, onlyShipped, least } of questions) {
    const what = `known vulnerabilities of ${onlyShipped ? 'what is shipped' : `${folder}/package-lock.json, ${least} and worse`}`;
    const told = await audit(fileURLToPath(new URL(`../../${folder}`, import.meta.url)), least, {
      onlyShipped,
      env: io.env,
      signal: io.signal,
    });
    if (told.kind === 'checked') say(what, told.found);
    else {
      io.stdout(`unchecked  ${what}: ${told.why}\n`);
      unchecked++;
    }
  }
  if (unchecked > 0) io.stdout(`unchecked: ${unchecked} lists of known vulnerabilities\n`);
  if (failures > 0) throw new Error(`${failures} faults`);
  if (values.required && unchecked > 0) throw new Error('the registry could not be asked, which is required');
}

await runAlone(
  ownCommand({
    name: 'supply-chain',
    description:
      'judge every package that is used: its licence by our policy, and whether the registry knows a vulnerability of it',
    flags,
    examples: ['make supply-chain', 'make supply-chain SUPPLY_CHAIN_ARGS=--required'],
    act: run,
  }),
);
