import { nodeName } from '../network.ts';
import type { ClusterFolder } from './folder.ts';

/** There is nobody who makes volumes when they are claimed, so this many wait for a claim; each can be claimed once. */
const count = 12;
const names = Array.from({ length: count }, (_, index) => `volume-${index + 1}`);
const className = 'standard';

/** Folders of the volumes in the folder of a cluster. */
export const volumeFolders = names.map((name) => `volumes/${name}`);

/** The default StorageClass of a cluster, and its volumes. Each says that it is large, and is as large as the machine's disk. */
export function volumes(folder: ClusterFolder): readonly object[] {
  const standard = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: className,
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
    },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  };
  const here = { key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] };
  const persistent = names.map((name) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      storageClassName: className,
      capacity: { storage: '100Gi' },
      accessModes: ['ReadWriteOnce', 'ReadWriteMany'],
      // Local rather than of the host, so that the kubelet gives it to the group of the pod.
      local: { path: folder.inside('volumes', name) },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [here] }] } },
    },
  }));
  return [standard, ...persistent];
}
