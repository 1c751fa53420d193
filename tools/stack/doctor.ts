import { check, conclude, expect, Warning } from './checks.ts';
import { findKeda, serverVersion } from './cluster.ts';
import { imageBuilder } from './image.ts';
import * as judge from './judge.ts';
import { isAtLeast, localImage, type Objects } from './objects.ts';
import { refuseTakenPorts } from './ports.ts';
import { capture, hasProgram } from './processes.ts';
import { roomFree, roomNeeded } from './room.ts';
import { needCluster, refuseForeignNamespaces, renderTarget, type Session } from './session.ts';
import { isLocal, kubernetesOldest, partOf } from './tables.ts';
import { looksLikeProduction } from './target.ts';

/** Checks everything that a deployment needs, and changes nothing. Where the cluster does not answer, it checks nothing else. */
export async function doctor(session: Session): Promise<void> {
  const { target, cluster, options } = session;
  const manual = `docs/kubernetes.md says how to install and start ${target}`;
  const access = await check({
    program: () =>
      isLocal(target) && target !== 'local' ? expect(hasProgram(target), target, manual) : undefined,
    access: async () => (await needCluster(session)) ?? `context ${cluster.context}`,
  });
  const answers = access.every(({ id, status }) => id !== 'access' || status === 'ok');
  const checks = [...access, ...(answers ? await checkCluster(session, await renderTarget(session)) : [])];
  conclude(checks, { target, context: cluster.context }, options.json);
}

function checkCluster(session: Session, manifests: Objects) {
  const { cluster, target } = session;
  return check({
    async kubernetes() {
      const version = await serverVersion(cluster);
      return expect(isAtLeast(version, kubernetesOldest), version, `${kubernetesOldest} or newer is needed`);
    },
    context() {
      if (!looksLikeProduction(cluster.context)) return undefined;
      throw new Warning(`${cluster.context} looks like production`, 'verbs that change something need --yes');
    },
    rights: () => checkRights(session),
    namespaces: async () => (await refuseForeignNamespaces(session, manifests)) ?? 'free or ours',
    nodes: async () => judge.judgeNodes(await cluster.list('nodes')),
    async room() {
      const pods = await cluster.list('pods', '-A', '-l', `${partOf}!=forescale`);
      return judge.judgeRoom(roomNeeded(manifests), roomFree(await cluster.list('nodes'), pods));
    },
    'storage-class': async () => judge.judgeStorage(manifests, await cluster.list('storageclasses')),
    ingress: async () => judge.judgeIngress(manifests, await cluster.list('ingressclasses')),
    operators: async () =>
      judge.judgeOperators(manifests, await cluster.read('api-resources', '--no-headers')),
    keda: async () => judge.judgeKeda(await findKeda(cluster)),
    'metrics-server': async () => judge.judgeMetricsServer(await cluster.list('apiservices')),
    'load-balancer': async () => judge.judgeLoadBalancer(manifests, await cluster.list('services', '-A')),
    'external-metrics': async () => judge.judgeExternalMetrics(await cluster.list('apiservices')),
    image: async () => (isLocal(target) ? findImage(await cluster.list('nodes')) : undefined),
    ports: async () => (isLocal(target) ? ((await refuseTakenPorts(session)) ?? 'free or ours') : undefined),
    async compose() {
      const { stdout } = await capture(['docker', 'compose', 'ls', '--filter', 'name=^forescale$']);
      if (!isLocal(target) || !/^forescale\s/m.test(stdout)) return undefined;
      throw new Warning('the compose stack runs here too', 'no port is shared; docker compose down stops it');
    },
  });
}

async function checkRights({ cluster }: Session): Promise<string> {
  const kinds = 'namespaces customresourcedefinitions clusterroles deployments secrets pods/portforward';
  const denied: string[] = [];
  for (const kind of kinds.split(' ')) {
    const { stdout } = await capture(cluster.command('auth', 'can-i', 'create', kind, '-n', 'forescale'));
    if (!stdout.startsWith('yes')) denied.push(kind);
  }
  const found = denied.length === 0 ? 'sufficient' : `may not create ${denied.join(', ')}`;
  return expect(denied.length === 0, found, 'use a context of a cluster administrator');
}

async function findImage(nodes: Objects): Promise<string> {
  const names = nodes.flatMap(({ status }) => status?.images?.flatMap((one) => one.names ?? []) ?? []);
  if (names.some((name) => name.endsWith(`/${localImage}`))) return `${localImage} is on a node`;
  return `deploy builds it with ${await imageBuilder()}`;
}
