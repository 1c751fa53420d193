import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiServerOptions } from '../api-server.ts';
import { externalMetricsGroup } from './external-metrics.ts';
import { fleetGroup } from './fleets.ts';

/** What the API server answered the autoscaler about one HPA, oldest first. Times are unix seconds of the end of an answer. */
export interface AuditedRequests {
  /** Moments at which a metric was read. */
  readonly reads: readonly number[];
  /** Changes of the replica count. */
  readonly writes: readonly { readonly atSeconds: number; readonly replicas: number }[];
}

interface AuditEvent {
  /** With microseconds. */
  readonly stageTimestamp: string;
  readonly objectRef: { readonly apiGroup: string; readonly resource: string; readonly name?: string };
  readonly responseStatus: { readonly code: number };
  readonly requestObject?: { readonly spec: { readonly replicas: number } };
}

const autoscaler = 'system:serviceaccount:kube-system:horizontal-pod-autoscaler';

/** Reads of external metrics, and changes of fleets. */
const policy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'Metadata',
      users: [autoscaler],
      verbs: ['get', 'list'],
      resources: [{ group: externalMetricsGroup }],
    },
    {
      level: 'Request',
      users: [autoscaler],
      verbs: ['update'],
      resources: [{ group: fleetGroup, resources: ['fleets/scale'] }],
    },
    { level: 'None' },
  ],
};

/**
 * An audit log of the API server, in a folder. Its moments are those that count: the autoscaler asks for the time when it has the
 * metric, and again when a change is written.
 */
export function createAuditLog(folder: string) {
  const options = { policyFile: join(folder, 'audit.json'), logFile: join(folder, 'audit.log') };
  writeFileSync(options.policyFile, JSON.stringify(policy));
  return {
    options: options satisfies ApiServerOptions['audit'],
    /** The requests about the HPA whose metric and fleet have a name. */
    requests(name: string): AuditedRequests {
      const events = readFileSync(options.logFile, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as AuditEvent)
        .map((event) => ({ ...event, atSeconds: secondsOf(event.stageTimestamp) }))
        .sort((a, b) => a.atSeconds - b.atSeconds);
      return {
        reads: events
          .filter(({ objectRef }) => objectRef.resource === name)
          .map(({ atSeconds }) => atSeconds),
        writes: events
          .filter(({ objectRef, responseStatus }) => objectRef.name === name && responseStatus.code === 200)
          .map(({ atSeconds, requestObject }) => ({
            atSeconds,
            replicas: requestObject?.spec.replicas ?? Number.NaN,
          })),
      };
    },
  };
}

/** Unix seconds of an RFC 3339 time with microseconds, of which `Date` knows the milliseconds only. */
function secondsOf(time: string): number {
  const [, whole = '', fraction = '0'] = time.match(/^(.*?)(\.\d+)?Z$/) ?? [];
  return Date.parse(`${whole}Z`) / 1000 + Number(fraction);
}
