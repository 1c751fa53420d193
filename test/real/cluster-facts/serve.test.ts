import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../../src/server/start.ts';
import { startPrometheus } from '../../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../../tools/programs/server-process.ts';
import { startTestServer } from '../integration/running.ts';
import { skippedNote, whyMissing } from '../real-programs.ts';
import { podLives, writeDeployment } from './deployment.ts';
import { hpaSeries, writeSeries } from './kube-state-metrics.ts';

const missing = await whyMissing('prometheus');

/** Workloads that are declared, so that the server follows them from its first look on. */
const workloads = `
workloads:
  - { namespace: web, name: web, metadata: { query: vector(195), threshold: '10' } }
  - { namespace: web, name: own, metadata: { query: vector(195), threshold: '10', leadTime: 60s } }
  - { namespace: bare, name: bare, metadata: { query: vector(195), threshold: '10' } }
`;

interface Shown {
  readonly leadTime: { readonly seconds: number; readonly from: string; readonly warning: string | null };
  readonly hpaTolerance: { readonly up: number; readonly from: string };
  readonly replicas: { readonly current: number; readonly max: number } | null;
  readonly decision: { readonly signal: number; readonly windowSeconds: number } | null;
}

describe.skipIf(missing)(`a server beside kube-state-metrics${skippedNote(missing)}`, () => {
  let prometheus: RunningProgram;
  let server: RunningServer;

  async function start(yaml: string): Promise<RunningServer> {
    const started = await startTestServer(prometheus.url, yaml);
    await started.ready;
    return started;
  }

  async function shown({ httpUrl }: RunningServer, path: string): Promise<Shown> {
    return (await (await fetch(`${httpUrl}/api/v1/workloads/${path}`)).json()) as Shown;
  }

  beforeAll(async () => {
    prometheus = await startPrometheus({ env: process.env });
    const nowSeconds = Date.now() / 1000;
    const durations = Array.from({ length: 40 }, () => 300);
    await writeDeployment(
      prometheus.url,
      { deployment: 'web', nowSeconds },
      podLives('web', durations, nowSeconds),
    );
    const hpa = { namespace: 'web', name: 'keda-hpa-own', deployment: 'web' };
    const numbers = {
      spec_max_replicas: 30,
      status_current_replicas: 20,
      spec_behavior_scale_up_tolerance: 0.04,
    };
    await writeSeries(prometheus.url, hpaSeries(hpa, [nowSeconds - 600, nowSeconds + 30], numbers));
    server = await start(workloads);
  });

  afterAll(async () => {
    await server?.close();
    await prometheus?.stop();
  });

  it('decides by the lead time that its pods were seen to have', async () => {
    // A decision made while the first look was under way is followed by another with the next observation.
    const windowSeconds = async () => (await shown(server, 'web/web')).decision?.windowSeconds;
    await expect.poll(windowSeconds).toBeGreaterThan(300);
    const { leadTime, decision, replicas } = await shown(server, 'web/web');
    expect(leadTime).toMatchObject({ from: 'cluster', p95Seconds: 300, starts: 40, warning: null });
    expect(leadTime).toMatchObject({ meaning: expect.stringContaining('95% of the last 40 pods') });
    expect(Math.abs(leadTime.seconds / 300 - 1)).toBeLessThan(0.03);
    expect(decision?.windowSeconds).toBe(leadTime.seconds + 70);
    expect(replicas).toMatchObject({ current: 7, min: 2, max: 30 });
    expect(decision?.signal).toBeCloseTo(1.1 * 190, 0);
  });

  it('keeps what the trigger says, with a warning, and takes tolerance and replicas from its HPA', async () => {
    const { leadTime, hpaTolerance, replicas, decision } = await shown(server, 'web/own');
    expect(leadTime).toMatchObject({ seconds: 60, from: 'trigger' });
    expect(leadTime.warning).toContain('pods come too late');
    expect(hpaTolerance).toEqual({ up: 0.04, down: 0.1, from: 'cluster' });
    expect(replicas?.current).toBe(20);
    // Twenty replicas suffice, so that the value is raised over half of the tolerance.
    expect(decision?.signal).toBe(195);
  });

  it('has the defaults for a workload of which nothing is known, and none of its metrics', async () => {
    const { leadTime, hpaTolerance, replicas } = await shown(server, 'bare/bare');
    expect(leadTime).toMatchObject({ seconds: 120, from: 'default', p95Seconds: null });
    expect(hpaTolerance).toEqual({ up: 0.1, down: 0.1, from: 'default' });
    expect(replicas).toBeNull();
    const textOf = async (path: string) => (await fetch(`${server.httpUrl}${path}`)).text();
    const details = await textOf('/metrics?workload=web/web&workload=web/own&workload=bare/bare');
    const shownIn = (metric: string, name: string) =>
      new RegExp(`^${metric}{[^}]*name="${name}"[^}]*} (.+)$`, 'm').exec(details)?.[1];
    expect(shownIn('forescale_lead_time_learned_seconds', 'web')).toBe('300');
    expect(shownIn('forescale_lead_time_starts', 'web')).toBe('40');
    expect(shownIn('forescale_hpa_tolerance', 'own')).toBe('0.04');
    expect(shownIn('forescale_lead_time_seconds', 'bare')).toBe('120');
    expect(shownIn('forescale_lead_time_learned_seconds', 'bare')).toBeUndefined();
    // Once at the start, and again with each minute that has begun since.
    expect(await textOf('/metrics')).toMatch(
      /forescale_refresh_duration_seconds_count\{what="starts"\} [1-9]/,
    );
    expect(await textOf('/metrics')).not.toMatch(
      /forescale_refresh_failures_total\{what="(?:starts|cluster)"/,
    );
  });

  it('asks nobody where it is told so, and refuses a source that it does not know', async () => {
    const silent = await start(`kubeStateMetrics: { source: off }\n${workloads}`);
    try {
      expect((await shown(silent, 'web/web')).leadTime).toMatchObject({ seconds: 120, from: 'default' });
    } finally {
      await silent.close();
    }
    await expect(start('kubeStateMetrics: { source: elsewhere }')).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('"elsewhere" is no profile'),
    });
    await expect(async () => start(`kubeStateMetrics: { matchers: 'up} or {a="b"' }`)).rejects.toThrow(
      'matchers',
    );
  });
});
