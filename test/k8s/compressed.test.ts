import { describe, expect, it } from 'vitest';
import { compressed, isApp } from '../cluster/play/compressed.ts';
import {
  forecastObject,
  nightlyObject,
  reactiveObject,
  steadyObject,
} from '../cluster/play/scaled-objects.ts';
import { scenario } from '../cluster/play/scenario.ts';
import { idleWorkload, twinOf } from '../cluster/play/workloads.ts';
import { find, podsOf } from './kustomized.ts';
import { missing, note, overlay } from './overlays.ts';

describe.skipIf(missing)(`the showcase in compressed time${note}`, () => {
  const dev = () => compressed(overlay('dev'));
  const appA = () => {
    const app = dev()
      .filter(isApp)
      .find(({ metadata }) => metadata.name === 'app-a');
    if (app === undefined) throw new Error('no app-a');
    return app;
  };

  it('names no image but those that can be made without a registry', () => {
    const images = new Set(podsOf(dev()).map(({ container }) => container.image));
    expect([...images].sort()).toEqual([
      'forescale:0.1.0',
      'grafana/k6:2.2.0',
      'prom/prometheus:v3.14.0',
      'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.18.0',
    ]);
  });

  it('scrapes every second, and tells Forescale so', () => {
    const texts = dev()
      .filter(({ kind }) => kind === 'ConfigMap')
      .flatMap(({ data = {} }) => [data['prometheus.yml'] ?? [], data['forescale.yaml'] ?? []].flat());
    expect(texts.filter((text) => /scrape_interval: 1s[\s\S]*scrape_timeout: 1s/.test(text))).toHaveLength(1);
    expect(texts.filter((text) => /scrapeInterval: 1s/.test(text))).toHaveLength(1);
  });

  it('gives app-a the capacity and the slow start of the scenario, and the twin the same', () => {
    const [twin, service] = twinOf(appA());
    const variables = (name: string, manifests = [...dev(), ...twinOf(appA())]) => {
      const { container } = podsOf(manifests).find(({ owner }) => owner.metadata.name === name) ?? {};
      return Object.fromEntries((container?.env ?? []).map((one) => [one.name, one.value]));
    };
    expect(variables('app-a')).toMatchObject({
      APP_CAPACITY_RPS: String(scenario.capacityRequestsPerSecond),
      APP_READY_DELAY_SECONDS: String(scenario.readyDelaySeconds),
    });
    expect(variables('app-a-reactive')).toEqual({ ...variables('app-a'), APP_NAME: 'app-a-reactive' });
    expect(variables('app-c')).toMatchObject({ APP_ERRORS: '0' });
    expect(service?.spec?.['selector']).toEqual(twin?.metadata.labels);
    expect(JSON.stringify(twin)).not.toContain('"app.kubernetes.io/name":"app-a"');
    expect(idleWorkload(appA(), 'steady').metadata.name).toBe('steady');
  });

  it('scales both fleets between the same bounds, by triggers of one query', () => {
    const [ours, twin] = [forecastObject(), reactiveObject()];
    const { triggers: _, scaleTargetRef: __, ...rest } = ours.spec ?? {};
    const { triggers: ___, scaleTargetRef: ____, ...twinRest } = twin.spec ?? {};
    expect(twinRest).toEqual(rest);
    const query = (object: typeof ours) => /"query":"(.*?[^\\])"/.exec(JSON.stringify(object))?.[1];
    expect(query(twin)).toBe(query(ours)?.replaceAll('app-a', 'app-a-reactive'));
    expect(JSON.stringify(steadyObject())).toContain('vector(25)');
    expect(nightlyObject(1_000).spec).toMatchObject({ minReplicaCount: 0 });
  });

  it('keeps the scaler as it is but for its disk', () => {
    const scaler = find(dev(), 'Deployment', 'forescale');
    const original = find(overlay('dev'), 'Deployment', 'forescale');
    expect(JSON.stringify(scaler)).toContain('"emptyDir":{"medium":"Memory","sizeLimit":"16Mi"}');
    const text = JSON.stringify(scaler).replace(
      '{"medium":"Memory","sizeLimit":"16Mi"}',
      '{"sizeLimit":"824Mi"}',
    );
    expect(JSON.parse(text)).toEqual(original);
  });
});
