import { withVariables } from '../../../tools/stack/jobs.ts';
import type { Manifest } from '../../k8s/manifest.ts';
import { type WorkloadManifest, withContainer } from './compressed.ts';
import { names } from './scaled-objects.ts';

/** The twin of app-a with its Service: the same image, capacity and slow start, and the same next app. */
export function twinOf(appA: WorkloadManifest): readonly Manifest[] {
  const twin = named(appA, names.twin);
  const { namespace = '' } = appA.metadata;
  const service: Manifest = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: names.twin, namespace, labels: labelsOf(names.twin) },
    spec: {
      selector: labelsOf(names.twin),
      ports: [{ name: 'http', port: 8000, targetPort: 'http', appProtocol: 'http' }],
    },
  };
  return [twin, service];
}

/** A small workload of the same image that nobody calls. */
export function idleWorkload(appA: WorkloadManifest, name: string): Manifest {
  const { metadata, spec } = named(appA, name);
  return { ...appA, metadata, spec: { ...spec, replicas: 1 } };
}

const labelsOf = (name: string) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/component': 'telemetry-app',
  'app.kubernetes.io/part-of': 'forescale',
});

/** A Deployment under another name, whose pods only its own selector finds. */
function named(deployment: WorkloadManifest, name: string): WorkloadManifest {
  const renamed = withContainer(deployment, (container) => withVariables(container, [`APP_NAME=${name}`]));
  const { spec } = renamed;
  // Rules that spread pods over nodes name the labels of app-a.
  const { topologySpreadConstraints: _, affinity: __, ...pod } = spec.template.spec;
  const { containers } = spec.template.spec;
  return {
    ...renamed,
    metadata: { ...renamed.metadata, name, labels: labelsOf(name) },
    spec: {
      ...spec,
      selector: {
        matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'telemetry-app' },
      },
      template: {
        ...spec.template,
        metadata: { labels: labelsOf(name) },
        spec: { ...pod, containers },
      },
    },
  };
}
