import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createApiApp } from '../../src/api/app.ts';
import type { TypedInstance } from '../../src/platform/http/typed-routes.ts';
import { version } from '../../src/platform/process/version.ts';
import { parseServerFile } from '../../src/server/config.ts';
import { readTiming } from '../../src/server/timing.ts';
import { misspeltVariables, readEnvironment, settings } from '../../src/telemetry-app/environment.ts';
import { createReadiness, registerProbeRoutes } from '../../src/telemetry-app/http/probe-routes.ts';
import { apiOptions } from '../edges/api/fixture.ts';
import { readComposeFile } from '../repository/compose-file.ts';
import { projectRoot } from '../repository/project-files.ts';
import { sourceOfBuilt } from '../repository/source-of-built.ts';
import { portOf, serveVariables } from '../support/commands.ts';
import { type Container, type Manifest, type Probe, podsOf, variablesOf } from './kustomized.ts';
import { describeObject } from './manifest.ts';
import { inAll, missing, note, overlays } from './overlays.ts';

const runs = (file: string) => (manifests: readonly Manifest[]) =>
  podsOf(manifests).filter(({ container }) => container.args?.[0] === file);
const apps = runs('dist/telemetry-app/main.js');
const scalers = (manifests: readonly Manifest[]) =>
  runs('dist/cli/main.js')(manifests).filter(({ container }) => container.args?.[1] === 'serve');
const probesOf = ({ startupProbe, readinessProbe, livenessProbe }: Container) =>
  [startupProbe, readinessProbe, livenessProbe].filter((probe): probe is Probe => probe !== undefined);
const portsOf = ({ ports = [] }: Container) =>
  Object.fromEntries(ports.map((port) => [port.name, port.containerPort]));

describe.skipIf(missing)(`the pods of every overlay${note}`, () => {
  it('run files of ours that exist, at the version of the package, and others as compose.yaml has them', () => {
    const images = new Set(
      inAll((manifests) => podsOf(manifests)).map(([, { container }]) => container.image),
    );
    expect([...images].filter((image) => image.startsWith('forescale:'))).toEqual([`forescale:${version}`]);
    const others = [...images].filter((image) => !image.startsWith('forescale:'));
    const known = Object.values(readComposeFile().services).map(({ image }) => image);
    const ofOthers = ['registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.18.0'];
    expect(others.length).toBeGreaterThan(3);
    expect(others.filter((image) => !known.includes(image) && !ofOthers.includes(image))).toEqual([]);
    const files = inAll(podsOf).flatMap(([, { container }]) =>
      container.image.startsWith('forescale:') ? [container.args?.[0] ?? ''] : [],
    );
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => !existsSync(resolve(projectRoot, sourceOfBuilt(file))))).toEqual([]);
  });

  it('of the telemetry app have an environment it accepts, and its port', () => {
    const found = inAll(apps);
    expect(found.length).toBe(3 * overlays.size);
    for (const [overlay, { owner, container }] of found) {
      const variables = variablesOf(container);
      expect(misspeltVariables(variables), overlay).toEqual([]);
      const { name, drainSeconds, destinations } = readEnvironment(variables);
      expect(name).toBe(owner.metadata.name);
      expect(owner.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(drainSeconds + 10);
      const next: Record<string, string | undefined> = { 'app-a': 'app-b', 'app-b': 'app-c' };
      const wanted = next[name];
      expect(destinations ?? []).toEqual(
        wanted === undefined
          ? []
          : [`http://${wanted}.telemetry-app.svc.cluster.local:${settings.port.default}/process`],
      );
      expect(portsOf(container)).toEqual({ http: Number(settings.port.default) });
    }
  });

  it('of the scaler have only variables that serve reads, and its ports', () => {
    const found = inAll(scalers);
    expect(found.length).toBe(overlays.size);
    const known = serveVariables();
    for (const [overlay, { container }] of found) {
      expect(
        Object.keys(variablesOf(container)).filter((name) => !known.includes(name)),
        overlay,
      ).toEqual([]);
      expect(portsOf(container)).toEqual({
        grpc: portOf('FORESCALE_GRPC_ADDRESS'),
        http: portOf('FORESCALE_HTTP_ADDRESS'),
      });
    }
  });

  it('of the scaler read a configuration without fault, from where they are told it is', () => {
    for (const [overlay, { container, template }] of inAll(scalers)) {
      const path = variablesOf(container)['FORESCALE_CONFIG'] ?? '';
      const mount = container.volumeMounts?.find(({ mountPath }) => path.startsWith(`${mountPath}/`));
      const volume = template.spec.volumes?.find(({ name }) => name === mount?.name);
      const configMap = overlays
        .get(overlay)
        ?.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === volume?.configMap?.name);
      const text = configMap?.data?.[path.slice((mount?.mountPath ?? '').length + 1)];
      const file = parseServerFile(text ?? '', path);
      expect(file.prometheusUrl, overlay).toBe('http://prometheus.monitoring.svc.cluster.local:9090');
      expect(file.allowedAddresses).toEqual([file.prometheusUrl]);
      expect(readTiming(file.timing).scrapeInterval).toBe(5);
    }
  });

  it('are probed at paths that the code has, and asked different things', async () => {
    const server: TypedInstance = fastify();
    const appPaths: string[] = [];
    server.addHook('onRoute', ({ url }) => void (url !== '/metrics' && appPaths.push(url)));
    registerProbeRoutes(
      server,
      createReadiness(() => true),
      async () => ({ contentType: '', body: '' }),
    );
    for (const [, { container }] of inAll(apps)) {
      const asked = probesOf(container).map(({ httpGet }) => httpGet?.path ?? '');
      expect(asked).toHaveLength(3);
      expect(asked.filter((path) => !appPaths.includes(path))).toEqual([]);
      expect(container.readinessProbe?.httpGet?.path).not.toBe(container.livenessProbe?.httpGet?.path);
    }
    const api = await createApiApp(apiOptions());
    for (const [, { container }] of inAll(scalers)) {
      const asked = probesOf(container).flatMap(({ httpGet }) =>
        httpGet === undefined ? [] : [httpGet.path],
      );
      expect(asked.length).toBeGreaterThan(1);
      expect(asked.filter((url) => !api.hasRoute({ method: 'GET', url }))).toEqual([]);
      expect(container.readinessProbe?.grpc?.port).toBe(portOf('FORESCALE_GRPC_ADDRESS'));
    }
    await api.close();
  });

  it('name in probes and Services only ports they have', () => {
    const named = inAll((manifests) =>
      podsOf(manifests).flatMap(({ owner, container }) =>
        probesOf(container)
          .map(({ httpGet, tcpSocket }) => httpGet?.port ?? tcpSocket?.port)
          .filter((port) => port !== undefined)
          .map((port) => ({ owner: describeObject(owner), port, has: Object.keys(portsOf(container)) })),
      ),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(([, { port, has }]) => !has.includes(port))).toEqual([]);
    const targets = inAll((manifests) =>
      manifests
        .filter(({ kind }) => kind === 'Service')
        .flatMap(({ metadata, spec }) => {
          const pods = podsOf(manifests).filter(
            ({ owner, labels }) =>
              owner.metadata.namespace === metadata.namespace &&
              Object.entries(spec.selector).every(([key, value]) => labels[key] === value),
          );
          const has = pods.flatMap(({ container }) => Object.keys(portsOf(container)));
          return (spec.ports as { targetPort: string }[]).map(({ targetPort }) => ({
            service: metadata.name,
            pods: pods.length,
            ok: has.includes(targetPort),
          }));
        }),
    );
    expect(targets.length).toBeGreaterThan(40);
    expect(targets.filter(([, { pods, ok }]) => pods !== 1 || !ok)).toEqual([]);
  });
});
