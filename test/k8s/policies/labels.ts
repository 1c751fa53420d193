import { workloadsOf } from '../workload.ts';
import type { Fault, Policy } from './policy.ts';

const wanted = ['app.kubernetes.io/name', 'app.kubernetes.io/component', 'app.kubernetes.io/part-of'];

/** Every object and every pod has the recommended labels; `./stack` changes only objects that are part of forescale. */
export const labels: Policy = (manifests) => [
  ...manifests.flatMap((manifest) =>
    faultsOf(manifest.metadata.labels ?? {}).map((fault): Fault => [manifest, fault]),
  ),
  ...workloadsOf(manifests)
    .filter(({ manifest }) => manifest.kind !== 'Pod')
    .flatMap(({ manifest, podLabels }) =>
      faultsOf(podLabels).map((fault): Fault => [manifest, `its pods: ${fault}`]),
    ),
];

function faultsOf(given: Readonly<Record<string, string>>): readonly string[] {
  return [
    ...wanted.filter((label) => given[label] === undefined).map((label) => `has no label ${label}`),
    ...(given['app.kubernetes.io/part-of'] === 'forescale' ? [] : ['is not part of forescale']),
  ];
}
