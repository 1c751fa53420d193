import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { kedaRelease, kedaReleasePath } from './keda-release.ts';

// Writes KEDA's manifests for k8s/components/keda. test/k8s/keda-manifests.test.ts fails where they are stale.
writeFileSync(
  fileURLToPath(new URL(`../../${kedaReleasePath}`, import.meta.url)),
  await kedaRelease(process.env),
);
console.log(kedaReleasePath);
