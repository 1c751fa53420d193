import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { selfSigned, signedBy } from '../../../tools/certificates.ts';
import type { Cluster } from '../../../tools/cluster/start-cluster.ts';
import { imageArchive } from '../../../tools/images/image-archive.ts';
import { findProgram } from '../../../tools/programs/find-program.ts';
import type { Manifest } from '../../k8s/manifest.ts';
import { apply, mustSucceed } from '../../real/server-dry-run.ts';
import { projectRoot } from '../../repository/project-files.ts';
import { isApp } from '../play/compressed.ts';
import { askedAt } from '../play/fleet-timeline.ts';
import { externalMetric } from '../play/forescale-api.ts';
import type { Play } from '../play/play.ts';
import { names, namespace, steadyObject } from '../play/scaled-objects.ts';
import type { Findings } from './findings.ts';

const run = promisify(execFile);
const place = 'forescale-helm';
const guarded = 'guarded';
const host = `forescale.${place}.svc.cluster.local`;

const values = {
  tls: { enabled: true, existingSecret: 'forescale-tls', clientCa: { enabled: true } },
  persistence: { enabled: true },
  resources: { requests: { cpu: '50m' } },
  config: { timing: { refreshInterval: '1s', leadTime: '15s' } },
};

interface RecordedDecision {
  readonly at: number;
  readonly signal: number | null;
}

/**
 * There is no published release to upgrade from. The chart of this checkout stands in for both sides: packaged as 0.1.0, and as
 * 0.1.1 with another tag of the same image, so that every pod is replaced.
 */
export function helmTest(play: () => Play, cluster: () => Cluster, { found }: Findings): void {
  it('keeps its state over `helm upgrade`, with mutual TLS between KEDA and each replica', async () => {
    const { kubectl, access, watch } = play();
    const folder = mkdtempSync(join(tmpdir(), 'forescale-helm-'));
    try {
      const helm = await createHelm(cluster().kubeconfig, folder);
      await apply(kubectl, [...prepared(folder), ...(await guardedWorkload(play()))]);
      await helm('upgrade', '--install', 'forescale', await helm.pack('0.1.0'), '--wait', '--timeout=3m');
      await apply(kubectl, guardedObjects());
      const value = () => externalMetric(access, guarded).catch(() => undefined);
      await expect.poll(value, { interval: 1_000, timeout: 60_000 }).toBeGreaterThanOrEqual(25);
      const before = await value();
      const decisions = async () => {
        const at = `/api/v1/namespaces/${place}/services/https:forescale:8080/proxy/api/v1/workloads/${namespace}/${guarded}`;
        return access.get<{ decisions: readonly RecordedDecision[] }>(`${at}/decisions?range=10m`);
      };
      const [oldest] = (await decisions()).decisions;
      await expect.poll(() => snapshotsOf(play()), { interval: 1_000, timeout: 60_000 }).toHaveLength(1);
      const learned = await snapshotsOf(play());
      await cluster().importImage(await retagged(folder, '0.1.1'));
      const from = Date.now() / 1000;
      const upgraded = await helm(
        'upgrade',
        'forescale',
        await helm.pack('0.1.1'),
        '--wait',
        '--timeout=4m',
        '--set=image.tag=0.1.1',
      );
      const until = Date.now() / 1000;
      // A replica that has just started asks the records of the others from the moment on at which it has found them.
      let oldestAfter: RecordedDecision | undefined;
      const isKept = async () => {
        [oldestAfter] = (await decisions()).decisions;
        return oldestAfter?.at === oldest?.at;
      };
      const keptFor = expect.poll(isKept, { interval: 1_000, timeout: 30_000 });
      await keptFor.toBe(true).catch(() => undefined);
      const after = await value();
      const learnedAfter = await snapshotsOf(play());
      const refusals = await refusedSnapshots(play());
      const changes = watch.askedOf(guarded).filter(({ at }) => at > from && at <= until).length;
      const refused = await withoutCertificate(play());
      found(
        'helm upgrade',
        `revision ${/REVISION: (\d+)/.exec(upgraded)?.[1]} in ${(until - from).toFixed(0)} s; value ${before} before and ${after} after, ${askedAt(watch.askedOf(guarded), until)} replicas, changed ${changes} times; oldest decision on record ${(from - (oldest?.at ?? from)).toFixed(0)} s before the upgrade, and ${oldestAfter?.at === oldest?.at ? 'still there' : 'gone'}; snapshot of what was learned ${learnedAfter.join() === learned.join() ? 'still there' : 'gone'}, refused ${refusals} times; mutual TLS: KEDA with its certificate is answered, without one: ${refused}`,
        { seconds: until - from, before, after, changes },
      );
      expect(oldest).toBeDefined();
      expect(oldestAfter?.at).toBe(oldest?.at);
      expect(learnedAfter).toEqual(learned);
      expect({ after, changes, refusals }).toEqual({ after: before, changes: 0, refusals: 0 });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** What the first replica has learned and keeps, as names of files. */
async function snapshotsOf({ kubectl }: Play): Promise<readonly string[]> {
  const list =
    "const f=require('fs');console.log(f.readdirSync('/var/lib/forescale/snapshots').filter((n)=>n.endsWith('.snapshot')).join(' '))";
  const node = ['--', '/nodejs/bin/node', '-e', list];
  const { stdout } = await kubectl(['exec', 'forescale-0', '-n', place, ...node]);
  return stdout.trim().split(' ').filter(Boolean);
}

/** How often the replicas that run now could not go on from what was learned. */
async function refusedSnapshots({ kubectl }: Play): Promise<number> {
  const logs = await Promise.all(
    ['forescale-0', 'forescale-1'].map((pod) => mustSucceed(kubectl, ['logs', pod, '-n', place])),
  );
  expect(logs.every((log) => log.length > 0)).toBe(true);
  return logs.join('\n').split('snapshot-not-used').length - 1;
}

async function createHelm(kubeconfig: string, folder: string) {
  const { path } = await findProgram('helm', process.env);
  const file = join(folder, 'values.json');
  writeFileSync(file, JSON.stringify(values));
  const env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: kubeconfig };
  const helm = async (...args: readonly string[]) => {
    const isRelease = args[0] === 'upgrade';
    const where = isRelease ? [`--namespace=${place}`, `--values=${file}`] : [];
    return (await run(path, [...args, ...where], { env })).stdout;
  };
  return Object.assign(helm, {
    /** The chart as a package of a version. */
    async pack(version: string) {
      await helm(
        'package',
        join(projectRoot, 'k8s/charts/forescale'),
        `--version=${version}`,
        `--destination=${folder}`,
      );
      return join(folder, `forescale-${version}.tgz`);
    },
  });
}

/** The archive of our image under another tag: only the name in it differs. */
async function retagged(folder: string, tag: string): Promise<string> {
  const { file, image } = await imageArchive('forescale', process.env);
  const unpacked = join(folder, 'image');
  mkdirSync(unpacked);
  await run('tar', ['-xf', file, '-C', unpacked]);
  const manifest = join(unpacked, 'manifest.json');
  writeFileSync(
    manifest,
    readFileSync(manifest, 'utf8').replaceAll(image, image.replace(/:[^:]*$/, `:${tag}`)),
  );
  await run('tar', ['-cf', join(folder, 'image.tar'), '-C', unpacked, '.']);
  return join(folder, 'image.tar');
}

/** The namespace, and certificates of an authority made here. */
function prepared(folder: string): readonly Manifest[] {
  const authority = selfSigned(folder, 'authority');
  const server = signedBy(authority, folder, 'server', 2, [host, `forescale.${place}.svc`]);
  const client = signedBy(authority, folder, 'client');
  const secret = (name: string, where: string, pair: typeof server): Manifest => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: where },
    stringData: {
      'tls.crt': readFileSync(pair.certFile, 'utf8'),
      'tls.key': readFileSync(pair.keyFile, 'utf8'),
      'ca.crt': readFileSync(authority.certFile, 'utf8'),
    },
  });
  const restricted = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: place, labels: restricted } },
    secret('forescale-tls', place, server),
    secret('forescale-client', namespace, client),
  ];
}

/** A copy of the steady workload, which the release of Helm scales. */
async function guardedWorkload({ kubectl }: Play): Promise<readonly Manifest[]> {
  const text = await mustSucceed(kubectl, ['get', 'deployment', names.steady, '-n', namespace, '-o', 'json']);
  const renamed = JSON.parse(text.replaceAll(`"${names.steady}"`, `"${guarded}"`)) as Manifest;
  if (!isApp(renamed)) throw new Error('the steady workload is no app');
  const { name, labels = {} } = renamed.metadata;
  return [{ ...renamed, metadata: { name, namespace, labels }, spec: renamed.spec }].map(
    ({ apiVersion, kind, metadata, spec }) => ({ apiVersion, kind, metadata, spec }),
  );
}

function guardedObjects(): readonly Manifest[] {
  const parameter = (name: string, key: string) => ({ parameter: name, name: 'forescale-client', key });
  return [
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'TriggerAuthentication',
      metadata: { name: guarded, namespace },
      spec: {
        secretTargetRef: [
          parameter('caCert', 'ca.crt'),
          parameter('tlsClientCert', 'tls.crt'),
          parameter('tlsClientKey', 'tls.key'),
        ],
      },
    },
    askingRelease(guarded, { name: guarded }),
  ];
}

/** The steady ScaledObject for another workload, which asks the release of Helm. */
function askingRelease(name: string, authenticationRef?: { readonly name: string }): Manifest {
  const text = JSON.stringify(steadyObject())
    .replaceAll(`"${names.steady}"`, `"${name}"`)
    .replace(/"scalerAddress":"[^"]*"/, `"scalerAddress":"${host}:6000"`);
  const object = JSON.parse(text) as Manifest & { spec: { triggers: readonly object[] } };
  const triggers = object.spec.triggers.map((trigger) => ({
    ...trigger,
    ...(authenticationRef && { authenticationRef }),
  }));
  return { ...object, spec: { ...object.spec, triggers } };
}

/** What KEDA says of a ScaledObject that asks the release without a certificate. */
async function withoutCertificate({ kubectl }: Play): Promise<string> {
  await apply(kubectl, [askingRelease('app-c')]);
  const conditions = '{range .status.conditions[?(@.type=="Ready")]}{.status}: {.message}{end}';
  const said = () =>
    mustSucceed(kubectl, ['get', 'scaledobject', 'app-c', '-n', namespace, '-o', `jsonpath=${conditions}`]);
  await expect.poll(said, { interval: 1_000, timeout: 60_000 }).toMatch(/^False: /);
  const message = await said();
  await mustSucceed(kubectl, ['delete', 'scaledobject', 'app-c', '-n', namespace, '--timeout=30s']);
  return message;
}
