import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selfSigned, signedBy } from '../../certificates.ts';
import { type ApiUser, kubeconfigOf, newUser } from '../control-plane/users.ts';
import { network, nodeName } from '../network.ts';
import type { ClusterFolder } from './folder.ts';
import { type BuiltPrograms, nodePrograms } from './node-programs.ts';
import { containerdSettings, kubeletSettings, podNetwork } from './settings.ts';
import { volumeFolders } from './volumes.ts';

/** Longer than anybody keeps a cluster up. */
const certificateDays = 100;

export interface NodeChoices {
  readonly context: string;
  /** URL by which programs outside the cluster reach the API server. */
  readonly outsideUrl: string;
  readonly syncPeriod: string;
  readonly pauseImage: string;
  /** Where the Debian packages of containerd are unpacked. */
  readonly packages: string;
}

/** Writes all that the programs of a cluster read. Resolves with the kubeconfig of an administrator outside. */
export async function prepareFolder(
  folder: ClusterFolder,
  paths: BuiltPrograms,
  { context, outsideUrl, syncPeriod, pauseImage, packages }: NodeChoices,
): Promise<string> {
  const { inside, path } = folder;
  const write = (name: string, text: string) => writeFile(inside(name), text, { mode: 0o600 });
  for (const name of ['log', 'cni', 'bin', ...volumeFolders]) await mkdir(inside(name), { recursive: true });
  // An alternative of Debian's, which unpacking does not make.
  for (const name of ['iptables', 'ip6tables'].flatMap((one) => [one, `${one}-save`, `${one}-restore`]))
    await symlink(join(packages, 'usr/sbin/xtables-nft-multi'), inside('bin', name));

  const authority = selfSigned(path, 'authority', certificateDays);
  const services = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];
  const sign = (name: string, ...hosts: string[]) => signedBy(authority, path, name, certificateDays, hosts);
  sign('api-server', 'localhost', network.node, network.apiServer, ...services);
  sign('kubelet', network.node, nodeName);
  sign('kubelet-client');
  sign('front-proxy');

  const admin = newUser('admin', 'system:masters');
  const clients = {
    'controller-manager': newUser('system:kube-controller-manager'),
    scheduler: newUser('system:kube-scheduler'),
    kubelet: newUser(`system:node:${nodeName}`, 'system:nodes'),
    proxy: newUser('system:kube-proxy'),
  };
  const certificate = await readFile(authority.certFile);
  const kubeconfig = (url: string, user: ApiUser) => kubeconfigOf(context, url, certificate, user);
  const insideUrl = `https://${network.node}:${network.apiServerPort}`;
  for (const [name, user] of Object.entries(clients))
    await write(`${name}.kubeconfig`, kubeconfig(insideUrl, user));
  await write('kubeconfig', kubeconfig(outsideUrl, admin));

  await write('containerd.toml', containerdSettings(folder, packages, pauseImage));
  await write('cni/10-pods.conflist', podNetwork);
  await write('kubelet.yaml', kubeletSettings(folder));
  const users = [admin, ...Object.values(clients)];
  await write('programs.new', JSON.stringify(await nodePrograms(folder, paths, { users, syncPeriod })));
  await rename(inside('programs.new'), folder.programs);
  return inside('kubeconfig');
}
