import type { Release } from '../release.ts';
import { chart } from './chart.ts';
import { check } from './check.ts';
import { image } from './image.ts';
import { notes } from './notes.ts';
import { npmPackage } from './npm-package.ts';
import { publishNotes, publishPackage } from './publish.ts';
import { push } from './push.ts';
import { sbom } from './sbom.ts';
import { sign } from './sign.ts';
import { verify, verifySignatures } from './verify.ts';

interface Step {
  readonly summary: string;
  /** Resolves with what it did, on a line. */
  run(release: Release): Promise<string>;
}

/** Every step of a release in its order: the workflow runs them by name, and the dry run as well. */
export const steps = {
  check: { summary: 'refuse a tag, a changelog or a repository that does not fit the version', run: check },
  package: { summary: 'pack the npm package', run: npmPackage },
  chart: { summary: 'pack the chart', run: chart },
  image: { summary: 'build the image for every platform', run: image },
  sbom: { summary: 'list what the image holds, as CycloneDX', run: sbom },
  notes: { summary: 'write the release notes from CHANGELOG.md', run: notes },
  push: { summary: 'push image and chart', run: push },
  sign: { summary: 'sign image and chart, and attest the list of what is in the image', run: sign },
  verify: { summary: 'pull image and chart again, and compare them with what was built', run: verify },
  'verify-signatures': {
    summary: 'verify signatures and attestation',
    run: (release: Release) => verifySignatures(release),
  },
  'publish-package': { summary: 'publish the npm package', run: publishPackage },
  'publish-notes': { summary: 'make the release on GitHub', run: publishNotes },
} as const satisfies Record<string, Step>;

export type StepName = keyof typeof steps;
