import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CertificateFilePair, signedBy } from '../../tools/certificates.ts';
import { kedaRelease } from '../../tools/manifests/keda-release.ts';
import { otherKedaVersions } from '../../tools/programs/cluster-programs.ts';
import { freePort } from '../../tools/programs/free-port.ts';
import { type RunningProgram, startServerProcess } from '../../tools/programs/server-process.ts';
import { type Manifest, parseManifests } from '../k8s/manifest.ts';
import { projectRoot } from '../repository/project-files.ts';
import type { ApiServer } from './api-server.ts';
import { installedPath } from './real-programs.ts';
import { apply, applyPrerequisites, isPrerequisite, mustSucceed } from './server-dry-run.ts';

export interface RunningKeda {
  /** URL of the operator's own metrics. */
  readonly metricsUrl: string;
  /** Ends operator and metrics adapter; safe to call twice. */
  stop(): Promise<void>;
}

const account = { namespace: 'keda', name: 'keda-operator' };
const metricsService = 'keda-metrics-apiserver';
const readyTimeoutMs = 120_000;

/** A release of KEDA that is played: the one that the manifests install, or another of {@link otherKedaVersions}. */
export type KedaRelease = 'installed' | keyof typeof otherKedaVersions;

export const kedaReleases: readonly KedaRelease[] = [
  'installed',
  ...(Object.keys(otherKedaVersions) as (keyof typeof otherKedaVersions)[]),
];

/** The two programs of a release. */
export function kedaPrograms(release: KedaRelease) {
  return release === 'installed'
    ? ({ operator: 'keda-operator', adapter: 'keda-adapter' } as const)
    : ({ operator: `keda-operator-${release}`, adapter: `keda-adapter-${release}` } as const);
}

/**
 * KEDA as k8s/components/keda installs it, or another release as its authors do, its operator and its metrics adapter as processes beside the API server instead
 * of Pods. Both act as KEDA's ServiceAccount, with no more rights than the manifests give it. `folder` takes certificates,
 * which the operator would otherwise make and have mounted.
 */
export async function startKeda(
  server: ApiServer,
  authority: CertificateFilePair,
  folder: string,
  release: KedaRelease,
): Promise<RunningKeda> {
  const manifests = parseManifests(
    release === 'installed'
      ? await mustSucceed(server.kubectl, ['kustomize', join(projectRoot, 'k8s/components/keda')])
      : await kedaRelease(process.env, { tag: otherKedaVersions[release] }),
  );
  const { operator, adapter } = kedaPrograms(release);
  const [operatorPath, adapterPath] = [await installedPath(operator), await installedPath(adapter)];
  const certificates = certificatesIn(folder, authority);
  const adapterPort = await freePort();
  await applyPrerequisites(server.kubectl, manifests);
  await apply(server.kubectl, [...manifests.filter(isRights), ...reachedOutside(adapterPort, authority)]);
  const env = {
    ...process.env,
    KUBECONFIG: await server.kubeconfigOf(account),
    POD_NAMESPACE: account.namespace,
    KEDA_CLUSTER_OBJECT_NAMESPACE: account.namespace,
    WATCH_NAMESPACE: '',
  };
  const started: RunningProgram[] = [];
  const stop = async () => {
    for (const program of started.reverse()) await program.stop();
  };
  try {
    const metricsAddress = `127.0.0.1:${await freePort()}`;
    const ownMetrics = `127.0.0.1:${await freePort()}`;
    started.push(await startOperator(operatorPath, env, certificates, metricsAddress, ownMetrics));
    started.push(await startAdapter(adapterPath, env, certificates, metricsAddress, adapterPort));
    return { metricsUrl: `http://${ownMetrics}/metrics`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startOperator(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  certificates: string,
  metricsAddress: string,
  ownMetrics: string,
): Promise<RunningProgram> {
  return startServerProcess({
    name: 'keda-operator',
    path,
    readyPath: '/readyz',
    readyTimeoutMs,
    env: () => env,
    args: (port) => [
      `--health-probe-bind-address=127.0.0.1:${port}`,
      '--enable-prometheus-metrics=true',
      `--metrics-bind-address=${ownMetrics}`,
      `--metrics-service-bind-address=${metricsAddress}`,
      `--cert-dir=${certificates}`,
      '--zap-log-level=info',
    ],
  });
}

async function startAdapter(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  certificates: string,
  metricsAddress: string,
  adapterPort: number,
): Promise<RunningProgram> {
  const kubeconfig = env['KUBECONFIG'];
  return startServerProcess({
    name: 'keda-adapter',
    path,
    // Its metrics, in plain HTTP; the API itself answers only who is known to it.
    readyPath: '/metrics',
    readyTimeoutMs,
    env: () => env,
    args: (port) => [
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${adapterPort}`,
      `--cert-dir=${certificates}`,
      `--tls-cert-file=${join(certificates, 'tls.crt')}`,
      `--tls-private-key-file=${join(certificates, 'tls.key')}`,
      `--metrics-service-address=${metricsAddress}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      `--lister-kubeconfig=${kubeconfig}`,
    ],
  });
}

/** Writes certificates into a folder as KEDA's pods have them mounted, and returns the folder. */
function certificatesIn(folder: string, authority: CertificateFilePair): string {
  const mounted = join(folder, 'keda');
  mkdirSync(mounted);
  const hosts = [`${metricsService}.${account.namespace}.svc`, 'localhost'];
  const { certFile, keyFile } = signedBy(authority, mounted, 'tls', 2, hosts);
  copyFileSync(authority.certFile, join(mounted, 'ca.crt'));
  if (certFile !== join(mounted, 'tls.crt') || keyFile !== join(mounted, 'tls.key'))
    throw new Error('KEDA looks for tls.crt and tls.key');
  return mounted;
}

/** Whether a manifest is KEDA's ServiceAccount or one of its rights. */
function isRights(manifest: Manifest): boolean {
  return !isPrerequisite(manifest) && /^(ServiceAccount|(Cluster)?Role(Binding)?)$/.test(manifest.kind);
}

/** The metrics API, found where the adapter listens instead of in a Pod. */
function reachedOutside(port: number, authority: CertificateFilePair): readonly Manifest[] {
  const metadata = { name: metricsService, namespace: account.namespace };
  const version = 'v1beta1';
  const group = 'external.metrics.k8s.io';
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { type: 'ExternalName', externalName: '127.0.0.1' },
  };
  const api = {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}` },
    spec: {
      service: { ...metadata, port },
      group,
      version,
      groupPriorityMinimum: 100,
      versionPriority: 100,
      caBundle: readFileSync(authority.certFile).toString('base64'),
    },
  };
  return [service, api];
}
