import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { within } from '../../../src/platform/deadline.ts';
import { selfSigned, signedBy } from '../../../tools/certificates.ts';
import type { HpaRecording, RecordedHpa } from '../../pure/controllers/hpa-recording.ts';
import { startApiServer } from '../api-server.ts';
import { startControllerManager } from '../controller-manager.ts';
import { mustSucceed } from '../server-dry-run.ts';
import { type AuditedRequests, createAuditLog } from './audit-log.ts';
import { type ExternalMetrics, serveExternalMetrics } from './external-metrics.ts';
import { createFleets, type Fleets } from './fleets.ts';
import { type HpaScene, hpaScenes } from './hpa-scenes.ts';

/** The HPA controller looks this often. */
const syncSeconds = 2;
/** Time after which a fleet that was changed reports its replicas, as a Deployment does once it has made Pods. */
const reportMs = 500;

/** Has a real HPA controller scale every scene for a number of syncs, and returns what it did. */
export async function recordHpa(syncCount: number): Promise<HpaRecording> {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
  const started: { stop(): Promise<void> }[] = [];
  try {
    const authority = selfSigned(folder, 'authority');
    const frontProxy = { authorityFile: authority.certFile, ...signedBy(authority, folder, 'front-proxy') };
    const auditLog = createAuditLog(folder);
    const server = await startApiServer({ frontProxy, audit: auditLog.options });
    started.push(server);
    const scenes = hpaScenes();
    const fleets = await createFleets(server, scenes);
    const recorders = new Map(scenes.map((scene) => [scene.name, createRecorder(scene, fleets, syncCount)]));
    const metrics: ExternalMetrics = await serveExternalMetrics(server, authority, folder, (name) =>
      recorders.get(name)?.read(),
    );
    started.push({ stop: metrics.close });
    const sync = `${syncSeconds * 1000}ms`;
    started.push(
      await startControllerManager(server, {
        controllers: ['horizontal-pod-autoscaler-controller'],
        syncPeriod: sync,
      }),
    );
    const all = [...recorders.values()];
    await within((syncCount * syncSeconds * 2 + 120) * 1000, Promise.all(all.map(({ done }) => done)));
    const version = await mustSucceed(server.kubectl, ['get', '--raw', '/version']);
    const { gitVersion } = JSON.parse(version) as { readonly gitVersion: string };
    const requests = new Map(scenes.map(({ name }) => [name, auditLog.requests(name)]));
    const startedAt = Math.min(...[...requests.values()].flatMap(({ reads }) => reads));
    return {
      kubernetes: gitVersion,
      syncSeconds,
      runs: scenes.map(({ name, nextMilli: _, ...setting }) => {
        const { minReplicas: initialReplicas } = setting;
        const millis = recorders.get(name)?.millis.slice(0, syncCount) ?? [];
        const audited = requests.get(name) ?? { reads: [], writes: [] };
        return { ...setting, initialReplicas, syncs: syncsOf(initialReplicas, millis, audited, startedAt) };
      }),
    };
  } finally {
    for (const program of started.reverse()) await program.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Answers reads of a metric, each of which is a sync, and reports the replicas that followed. */
function createRecorder(scene: HpaScene, fleets: Fleets, syncCount: number) {
  const millis: (number | undefined)[] = [];
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  let reported = scene.minReplicas;

  async function report(): Promise<void> {
    const replicas = await fleets.replicas(scene.name);
    if (replicas !== reported) await fleets.report(scene.name, replicas);
    reported = replicas;
    // The next sync tells that this one has ended.
    if (millis.length > syncCount) resolve();
  }

  return {
    /** What was read, in turn. */
    millis: millis as readonly (number | undefined)[],
    /** Resolves when `syncCount` syncs have ended; rejects when the API server does. */
    done,
    read(): number | undefined {
      const milli = scene.nextMilli();
      millis.push(milli);
      setTimeout(() => void report().catch(reject), reportMs);
      return milli;
    },
  };
}

/** Puts together what was read, when that was, and what was written before the next read. */
function syncsOf(
  initialReplicas: number,
  millis: readonly (number | undefined)[],
  { reads, writes }: AuditedRequests,
  startedAt: number,
): RecordedHpa['syncs'] {
  if (reads.length < millis.length)
    throw new Error(`${millis.length} reads, ${reads.length} in the audit log`);
  const since = (seconds: number) => Number((seconds - startedAt).toFixed(4));
  let replicas = initialReplicas;
  return millis.map((milli, sync) => {
    const [from = 0, to = Number.POSITIVE_INFINITY] = [reads[sync], reads[sync + 1]];
    const total = milli === undefined ? null : milli / 1000;
    const write = writes.find(({ atSeconds }) => atSeconds >= from && atSeconds < to);
    if (write === undefined) return [since(from), total, replicas];
    replicas = write.replicas;
    return [since(from), total, replicas, since(write.atSeconds)];
  });
}
