import { join } from 'node:path';
import { type Cluster, startCluster } from '../../cluster/start-cluster.ts';
import { whyNoCluster } from '../../cluster/why-no-cluster.ts';
import { openTemporaryFolder } from '../../temporary-folder.ts';
import { published } from '../places.ts';
import { isPlain, type Release, runProgram } from '../release.ts';
import { readPushed } from '../steps/push.ts';

const namespace = 'forescale';

/**
 * Installs what is in the registry into a real node, as a stranger would: the chart by its address, with no value, and the image by
 * digest under the name that the chart has. The node has no way out, so the image is brought to it. Says why where no node can be had.
 */
export async function tryCluster(release: Release): Promise<string> {
  const why = await whyNoCluster(release.env);
  if (why !== undefined) return `not run here: ${why}`;
  const { env, signal } = release;
  const cluster = await startCluster({ env, signal, onProgress: (what) => console.error(`  ${what}`) });
  try {
    await bringImage(release, cluster);
    return await install(release, cluster);
  } finally {
    await cluster.stop();
  }
}

/** Pulls the image for this machine's platform from the registry, by digest, and imports it as what a release is called. */
async function bringImage(release: Release, cluster: Cluster): Promise<void> {
  const { name, digest } = readPushed(release).image;
  const folder = await openTemporaryFolder('forescale-archive');
  try {
    const archive = join(folder.path, 'image.tar');
    const plain = isPlain(release) ? ['--src-tls-verify=false'] : [];
    const to = `docker-archive:${archive}:${published.image}:${release.version}`;
    await runProgram(release, 'skopeo', [
      ...['--insecure-policy', 'copy', '--quiet', ...plain],
      ...[`docker://${name}@${digest}`, to],
    ]);
    await cluster.importImage(archive);
  } finally {
    await folder.remove();
  }
}

async function install(release: Release, cluster: Cluster): Promise<string> {
  const { name, digest } = readPushed(release).chart;
  const helm = (...args: readonly string[]) =>
    runProgram(release, 'helm-4.3', [...args, '--kubeconfig', cluster.kubeconfig, '--namespace', namespace]);
  const plain = isPlain(release) ? ['--plain-http'] : [];
  const chart = `oci://${name}@${digest}`;
  await helm('install', 'forescale', chart, ...plain, '--create-namespace', '--wait', '--timeout=5m');
  await helm('test', 'forescale', '--timeout=3m');
  const ready = await cluster.kubectl([
    ...['get', 'pods', '--namespace', namespace, '--selector', 'app.kubernetes.io/name=forescale'],
    ...['--field-selector=status.phase=Running', '--output'],
    'jsonpath={range .items[*]}{.metadata.name} {.status.containerStatuses[0].ready} {.spec.containers[0].image}{"\\n"}{end}',
  ]);
  const pods = ready.stdout.trim().split('\n');
  if (pods.length < 2 || pods.some((pod) => !pod.includes(' true ')))
    throw new Error(`not every pod is ready: ${ready.stdout}${ready.stderr}`);
  return `helm install ${chart}\n  ${pods.join('\n  ')}`;
}
