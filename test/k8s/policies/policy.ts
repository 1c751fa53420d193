import type { Finding, Manifest } from '../manifest.ts';
import { describeObject } from '../manifest.ts';

/** A rule of ours, which returns the objects of a rendered set that break it, and why. */
export type Policy = (manifests: readonly Manifest[]) => readonly Fault[];

export type Fault = readonly [object: Manifest, message: string];

export function findingsOf(
  policies: Readonly<Record<string, Policy>>,
  manifests: readonly Manifest[],
): readonly Finding[] {
  return Object.entries(policies).flatMap(([name, policy]) =>
    policy(manifests).map(([object, message]) => ({
      rule: `policy/${name}`,
      object: describeObject(object),
      message,
    })),
  );
}
