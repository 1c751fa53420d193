import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type KubeObject, namesOf, type Objects } from './objects.ts';
import { capture, StackError, typed } from './processes.ts';
import { ours } from './tables.ts';

export const projectRoot = join(import.meta.dirname, '../..');

export interface Cluster {
  /** Command line prefix of kubectl, as separate words; empty where no kubectl is installed. */
  readonly kubectl: readonly string[];
  readonly context: string;
  /** The command line of a kubectl call. */
  command(...args: readonly string[]): readonly string[];
  /** What kubectl prints. Rejects where kubectl fails: silence never means that there is nothing. */
  read(...args: readonly string[]): Promise<string>;
  /** All objects of some kinds, `pods,services`, that further arguments select. */
  list(kinds: string, ...args: readonly string[]): Promise<Objects>;
  /** One object, or undefined where the server says that there is none. */
  find(kind: string, name: string, namespace?: string): Promise<KubeObject | undefined>;
}

/** The context is fixed here, so that another terminal that switches contexts meanwhile changes nothing. */
export function openCluster(kubectl: readonly string[], context: string): Cluster {
  const command = (...args: readonly string[]) => [...kubectl, `--context=${context}`, ...args];
  async function read(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await capture(command(...args, '--request-timeout=30s'));
    if (code === 0) return stdout;
    throw new StackError(`${typed([...kubectl, ...args])}: ${stderr.trim() || `exit code ${code}`}`);
  }
  return {
    ...{ kubectl, context, command, read },
    list: async (...args) =>
      (JSON.parse(await read('get', ...args, '-o', 'json')) as { items: Objects }).items,
    async find(kind, name, namespace = '') {
      const where = [`--namespace=${namespace}`, '--ignore-not-found', '--output=json'];
      const text = await read('get', kind, name, ...where);
      return text === '' ? undefined : (JSON.parse(text) as KubeObject);
    },
  };
}

/** The manifests that kustomize makes of a folder of k8s. */
export async function render({ kubectl }: Cluster, folder: string): Promise<Objects> {
  const { code, stdout, stderr } = await capture([...kubectl, 'kustomize', join(projectRoot, folder)]);
  if (code !== 0) throw new StackError(`${folder} cannot be rendered: ${stderr.trim()}`);
  return parseAllDocuments(stdout).map((one) => one.toJS() as KubeObject);
}

/** The version of the API server, such as v1.33.4+k3s1. */
export async function serverVersion(cluster: Cluster): Promise<string> {
  return (JSON.parse(await cluster.read('get', '--raw', '/version')) as { gitVersion: string }).gitVersion;
}

/** Names of the namespaces that carry our label; keda is one of them where `install` brought KEDA. */
export const ourNamespaces = async (cluster: Cluster): Promise<readonly string[]> =>
  namesOf(await cluster.list('namespaces', '-l', ours));

/** State of KEDA in a cluster; `version` is undefined where no operator is deployed. */
export interface Keda {
  readonly version: string | undefined;
  readonly isOurs: boolean;
  readonly hasDefinitions: boolean;
}

export async function findKeda(cluster: Cluster): Promise<Keda> {
  const [operator] = await cluster.list('deployments', '-A', '-l', 'app.kubernetes.io/name=keda-operator');
  const image = operator?.spec?.template?.spec.containers[0]?.image;
  return {
    version: image?.replace(/@.*$/, '').replace(/^.*:/, ''),
    isOurs: (await ourNamespaces(cluster)).includes('keda'),
    hasDefinitions: (await cluster.find('customresourcedefinitions', 'scaledobjects.keda.sh')) !== undefined,
  };
}
