import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { mustSucceed } from '../../real/server-dry-run.ts';
import { askedAt } from '../play/fleet-timeline.ts';
import { createForescaleApi } from '../play/forescale-api.ts';
import type { Play } from '../play/play.ts';
import { rolledOut } from '../play/rollouts.ts';
import { names } from '../play/scaled-objects.ts';
import { scalerPods } from './access-tests.ts';
import type { Findings } from './findings.ts';

/** How long a fault is watched: several polls of KEDA and syncs of the autoscaler. */
const watchedSeconds = 20;

export function faultTests(play: () => Play, findings: Findings): void {
  /** The replicas of the workload with constant demand, before and after a fault, and how often they changed. */
  async function during(what: string, fault: () => Promise<string>): Promise<void> {
    const { watch } = play();
    const from = Date.now() / 1000;
    const before = askedAt(watch.askedOf(names.steady), from);
    const seen = await fault();
    await sleep(watchedSeconds * 1000);
    const until = Date.now() / 1000;
    const changes = watch.askedOf(names.steady).filter(({ at }) => at > from && at <= until).length;
    const oursLowered = watch
      .askedOf(names.ours)
      .filter(
        ({ at, replicas }) => at > from && at <= until && replicas < askedAt(watch.askedOf(names.ours), from),
      );
    findings.found(
      what,
      `${seen}; constant demand keeps ${before} replicas, changed ${changes} times in ${(until - from).toFixed(0)} s`,
      { before, changes, seconds: until - from, oursLowered: oursLowered.length },
    );
    expect(before).toBeGreaterThan(1);
    expect(changes).toBe(0);
  }

  it('changes no replica count while Prometheus is gone', async () => {
    const { kubectl, access } = play();
    const scale = (replicas: number) =>
      mustSucceed(kubectl, ['scale', 'statefulset/prometheus', '-n', 'monitoring', `--replicas=${replicas}`]);
    await during('prometheus killed', async () => {
      await scale(0);
      await mustSucceed(kubectl, [
        'delete',
        'pod',
        'prometheus-0',
        '-n',
        'monitoring',
        '--grace-period=0',
        '--force',
        '--ignore-not-found',
      ]);
      const api = createForescaleApi(access);
      const blind = async () => (await api.workload(names.steady)).decision?.fresh;
      await expect.poll(blind, { interval: 500, timeout: 30_000 }).toBe(false);
      return 'Forescale says that it sees no fresh data';
    }).finally(async () => {
      await scale(1);
      await rolledOut(kubectl, 'statefulset/prometheus', 'monitoring');
    });
  });

  it('changes no replica count while a pod of Forescale is deleted', async () => {
    const { kubectl } = play();
    const [pod = ''] = await scalerPods(play());
    await during('pod deleted', async () => {
      await mustSucceed(kubectl, ['delete', 'pod', pod, '-n', 'forescale', '--grace-period=1']);
      return `${pod} was ended`;
    });
    await rolledOut(kubectl, 'deployment/forescale', 'forescale');
  });

  it('changes no replica count while the disk of every replica is full', async () => {
    const { kubectl, access } = play();
    const fill =
      "const f=require('fs'),b=Buffer.alloc(65536);const d=f.openSync('/var/lib/forescale/fill','w');let n=0;try{for(;;)n+=f.writeSync(d,b)}catch(e){console.log(e.code,n)}";
    await during('disk full', async () => {
      const said: string[] = [];
      for (const pod of await scalerPods(play()))
        said.push(
          (
            await mustSucceed(kubectl, ['exec', pod, '-n', 'forescale', '--', '/nodejs/bin/node', '-e', fill])
          ).trim(),
        );
      expect(said.every((text) => text.startsWith('ENOSPC'))).toBe(true);
      const at = '/api/v1/namespaces/forescale/services/forescale:8080/proxy/api/v1';
      const status = await access.text(`${at}/workloads/telemetry-app/${names.steady}/decisions?range=1m`);
      const warning = (JSON.parse(status) as { record?: { warning?: string | null } }).record?.warning;
      return `${said.join(', ')} bytes were written; the record says: ${warning ?? 'nothing'}`;
    });
    expect(await scalerPods(play())).toHaveLength(2);
  });
}
