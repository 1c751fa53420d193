import type { ClusterAccess } from './cluster-access.ts';
import type { PodLife, Step } from './fleet-timeline.ts';

interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
  };
  readonly status: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastTransitionTime: string;
    }[];
  };
}

interface DeploymentObject {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly replicas: number };
}

/** What was seen of the pods and Deployments of a namespace, from the moment the watch began. */
export interface FleetWatch {
  podsOf(app: string): readonly PodLife[];
  /** Replicas that the Deployment was asked for, each with the moment it changed. */
  askedOf(app: string): readonly Step[];
  stop(): Promise<void>;
}

/** Longest time in which a change is heard of, a fraction of a second by the server's rounding included. */
const heardOfWithinSeconds = 3;

/** Watches a namespace. Moments are those at which this process heard of a change, unix seconds. */
export function watchFleets(access: ClusterAccess, namespace: string): FleetWatch {
  const abort = new AbortController();
  const pods = new Map<string, PodLife>();
  const asked = new Map<string, Step[]>();
  const now = () => Date.now() / 1000;
  /** When something happened: now, unless the server's time, which has whole seconds, shows that it is only now heard of. */
  const moment = (byServer: number) => (now() - byServer < heardOfWithinSeconds ? now() : byServer);

  const podsEnded = access.watch<PodObject>(
    `/api/v1/namespaces/${namespace}/pods`,
    ({ type, object }) => {
      const { name, labels = {}, creationTimestamp, deletionTimestamp } = object.metadata;
      const known = pods.get(name);
      const ready = object.status.conditions?.find((one) => one.type === 'Ready' && one.status === 'True');
      const isGone = type === 'DELETED' || deletionTimestamp !== undefined;
      pods.set(name, {
        app: labels['app.kubernetes.io/name'] ?? '',
        name,
        created: known?.created ?? moment(Date.parse(creationTimestamp) / 1000),
        createdByServer: Date.parse(creationTimestamp) / 1000,
        ready: known?.ready ?? (ready && moment(Date.parse(ready.lastTransitionTime) / 1000)),
        readyByServer: known?.readyByServer ?? (ready && Date.parse(ready.lastTransitionTime) / 1000),
        gone: known?.gone ?? (isGone ? now() : undefined),
      });
    },
    abort.signal,
  );
  const deploymentsEnded = access.watch<DeploymentObject>(
    `/apis/apps/v1/namespaces/${namespace}/deployments`,
    ({ object: { metadata, spec } }) => {
      const steps = asked.get(metadata.name) ?? [];
      asked.set(metadata.name, steps);
      if (steps.at(-1)?.replicas !== spec.replicas) steps.push({ at: now(), replicas: spec.replicas });
    },
    abort.signal,
  );
  const ended = Promise.all([podsEnded, deploymentsEnded]);
  // A fault is reported by stop, not as an unhandled rejection in the middle of a test.
  ended.catch(() => undefined);
  return {
    podsOf: (app) => [...pods.values()].filter((pod) => pod.app === app),
    askedOf: (app) => asked.get(app) ?? [],
    async stop() {
      abort.abort();
      await ended;
    },
  };
}
