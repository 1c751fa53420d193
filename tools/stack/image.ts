import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../src/platform/process/version.ts';
import { openTemporaryFolder } from '../temporary-folder.ts';
import { projectRoot } from './cluster.ts';
import { localImage } from './objects.ts';
import { capture, StackError } from './processes.ts';
import { change, type Session } from './session.ts';
import { isLocal, type Target } from './tables.ts';

/** With its registry, because every container runtime knows `forescale:…` of Kubernetes by this name. */
const image = `docker.io/library/${localImage}`;

/** Command that imports an archive into the cluster of KUBECONFIG, where `make cluster` keeps that up. */
const importIntoCluster = join(projectRoot, 'tools/cluster/import-image.ts');

/** The program on this machine that can build an image. */
export async function imageBuilder(): Promise<string> {
  for (const program of ['docker', 'podman'])
    if ((await capture([program, 'info'])).code === 0) return program;
  const remedy = './stack deploy --archive FILE imports an archive that was made elsewhere';
  throw new StackError('the image cannot be built: neither docker nor podman works', remedy);
}

/** The command that imports an archive into the place from which the nodes of a local target start containers. */
export function importCommand(
  target: Target,
  context: string,
  archive: string,
  isRoot: boolean,
): readonly string[] {
  // The containerd of K3s belongs to root.
  if (target === 'k3s') return [...(isRoot ? [] : ['sudo']), 'k3s', 'ctr', 'images', 'import', archive];
  if (target === 'microk8s') return ['microk8s', 'ctr', 'image', 'import', archive];
  if (target === 'minikube') return ['minikube', '--profile', context, 'image', 'load', archive];
  if (target === 'local') return [process.execPath, importIntoCluster, archive];
  return ['kind', 'load', 'image-archive', archive, '--name', context.replace(/^kind-/, '')];
}

/**
 * Brings the image to the nodes of a local target, built from this checkout or from --archive. Resolves with the identity of its
 * content, undefined where nothing was brought.
 */
export async function bringImage({ target, cluster, options }: Session): Promise<string | undefined> {
  if (options.image !== undefined || !isLocal(target)) return undefined;
  const load = (archive: string) =>
    change(options, importCommand(target, cluster.context, archive, process.getuid?.() === 0));
  if (options.archive !== undefined) {
    await load(options.archive);
    return createHash('sha256').update(readFileSync(options.archive)).digest('hex');
  }
  const builder = await imageBuilder();
  const folder = await openTemporaryFolder('forescale-stack');
  const archive = join(folder.path, 'image.tar');
  await change(options, [builder, 'build', '--build-arg', `VERSION=${version}`, '--tag', image, projectRoot]);
  await change(options, [builder, 'save', '--output', archive, image]);
  await load(archive);
  await folder.remove();
  const { stdout } = await capture([builder, 'image', 'inspect', '--format', '{{.Id}}', image]);
  return stdout.trim() || undefined;
}
