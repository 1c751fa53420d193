import satisfies from 'spdx-satisfies';
import type { LicencePolicy } from './licence-policy.ts';
import type { UsedPackage } from './packages.ts';

/** The packages whose licence a policy does not allow, as `name@version: licence`. */
export function refusedLicences(
  packages: readonly UsedPackage[],
  { allowed, looked }: LicencePolicy,
): readonly string[] {
  const names = Object.keys(allowed);
  return packages
    .filter(({ name, license }) =>
      license === undefined ? !(name in looked) : typeof license !== 'string' || !isAllowed(license, names),
    )
    .map(({ name, version, license }) => `${name}@${version}: ${JSON.stringify(license) ?? 'no licence'}`);
}

/** Whether whoever follows one of the allowed licences follows the stated one. What is no expression of SPDX is not allowed. */
function isAllowed(licence: string, names: readonly string[]): boolean {
  try {
    return satisfies(licence, [...names]);
  } catch {
    return false;
  }
}
