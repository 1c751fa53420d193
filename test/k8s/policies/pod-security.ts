import { containersOf, workloadsOf } from '../workload.ts';
import type { Fault, Policy } from './policy.ts';

/** Volumes the Pod Security Standard *restricted* allows. */
const allowedVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** Pods hold to the Pod Security Standard *restricted*. */
export const podSecurity: Policy = (manifests) =>
  workloadsOf(manifests).flatMap((workload) => {
    const { pod, manifest } = workload;
    const shared = pod.securityContext;
    const faults: string[] = [];
    for (const setting of ['hostNetwork', 'hostPID', 'hostIPC'] as const) {
      if (pod[setting] === true) faults.push(`${setting} is on`);
    }
    for (const { name, ...source } of pod.volumes ?? []) {
      const [kind = '?'] = Object.keys(source);
      if (!allowedVolumes.includes(kind)) faults.push(`volume ${name} is of kind ${kind}`);
    }
    for (const { name, securityContext: own } of containersOf(workload)) {
      const say = (what: string) => faults.push(`container ${name} ${what}`);
      if (own?.privileged === true) say('is privileged');
      if (own?.allowPrivilegeEscalation !== false) say('may escalate its privileges');
      if (own?.capabilities?.drop?.includes('ALL') !== true) say('keeps capabilities');
      if ((own?.capabilities?.add ?? []).some((added) => added !== 'NET_BIND_SERVICE'))
        say('adds capabilities');
      if ((own?.runAsNonRoot ?? shared?.runAsNonRoot) !== true) say('may run as root');
      if ((own?.runAsUser ?? shared?.runAsUser) === 0) say('runs as user 0');
      const seccomp = (own?.seccompProfile ?? shared?.seccompProfile)?.type;
      if (seccomp !== 'RuntimeDefault' && seccomp !== 'Localhost') say('has no seccomp profile');
    }
    return faults.map((fault): Fault => [manifest, fault]);
  });

/** Rights that *restricted* still allows and that none of our pods needs. */
export const leastPrivilege: Policy = (manifests) => [
  ...workloadsOf(manifests).flatMap((workload) => {
    const { pod, manifest } = workload;
    const faults: string[] = [];
    if (pod.automountServiceAccountToken !== false) faults.push('mounts a token of its ServiceAccount');
    if (pod.enableServiceLinks !== false)
      faults.push('gets a variable for every Service, which clash with ours');
    for (const { name, securityContext } of containersOf(workload)) {
      if (securityContext?.readOnlyRootFilesystem !== true)
        faults.push(`container ${name} may write to its root`);
    }
    return faults.map((fault): Fault => [manifest, fault]);
  }),
  ...manifests
    .filter((manifest) => manifest.kind === 'ServiceAccount')
    .filter(
      (account) =>
        (account as { automountServiceAccountToken?: boolean }).automountServiceAccountToken !== false,
    )
    .map((account): Fault => [account, 'hands out tokens']),
];
