import { kedaVersion, otherKedaVersions } from '../programs/cluster-programs.ts';

/** A release of KEDA whose definitions our ScaledObjects are held to. */
export interface KedaRelease {
  /** Version of KEDA's Go module, such as `v2.20.2`. */
  readonly version: string;
  /** Oldest and newest minor version of Kubernetes that KEDA's authors test the release with. */
  readonly testedMinors: readonly [number, number];
  /** Set = the release does not know `spec.fallback.behavior`, which our examples have: leave it out there. */
  readonly lacksFallbackBehavior?: true;
}

/**
 * Every minor release of KEDA that we support, oldest first, each at its newest patch. What its authors test it with is in the
 * compatibility matrix of https://keda.sh/docs/2.22/operate/cluster/.
 */
export const kedaReleases: readonly KedaRelease[] = [
  { version: 'v2.15.1', testedMinors: [28, 30], lacksFallbackBehavior: true },
  { version: 'v2.16.1', testedMinors: [29, 31], lacksFallbackBehavior: true },
  { version: 'v2.17.2', testedMinors: [30, 32] },
  { version: 'v2.18.3', testedMinors: [31, 33] },
  { version: 'v2.19.0', testedMinors: [32, 34] },
  { version: kedaVersion, testedMinors: [33, 35] },
  { version: otherKedaVersions['2.21'], testedMinors: [34, 36] },
];

/** Go module and folder of the definitions of a release. */
export function kedaDefinitions({ version }: KedaRelease) {
  return { path: 'github.com/kedacore/keda/v2', version, folder: 'config/crd/bases' } as const;
}
