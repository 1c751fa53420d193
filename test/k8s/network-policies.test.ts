import { describe, expect, it } from 'vitest';
import type { Manifest } from './kustomized.ts';
import { mayConnect, type Peer, peerOf } from './network.ts';
import { localNames, missing, note, overlay, overlays } from './overlays.ts';

const keda: Peer = { namespace: 'keda', labels: { app: 'keda-operator' }, ports: {} };
const stranger: Peer = { namespace: 'default', labels: {}, ports: {} };
const traefik: Peer = {
  namespace: 'kube-system',
  labels: { 'app.kubernetes.io/name': 'traefik' },
  ports: {},
};

/** Connections that must be allowed, as `from to port`. */
const needed = `
app-a app-b 8000
app-b app-c 8000
prometheus app-a 8000
prometheus app-b 8000
prometheus app-c 8000
prometheus forescale 8080
prometheus grafana 3000
prometheus kube-state-metrics 8080
forescale prometheus 9090
grafana prometheus 9090
grafana forescale 8080`;
const neededForLoad = `
load-weekday app-a 8000
load-week prometheus 9090
seed prometheus 9090`;

const flows = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string, string]);
const open = (manifests: readonly Manifest[], [from, to, port]: [string, string, string]) =>
  mayConnect(manifests, peerOf(manifests, from), peerOf(manifests, to), Number(port));

describe.skipIf(missing)(`the NetworkPolicies of every overlay${note}`, () => {
  it('let through what is needed', () => {
    expect(overlays.size).toBeGreaterThan(6);
    for (const [name, manifests] of overlays) {
      const wanted = [...flows(needed), ...(name === 'production' ? [] : flows(neededForLoad))];
      expect(wanted.length).toBeGreaterThan(9);
      expect(
        wanted.filter((flow) => !open(manifests, flow)),
        name,
      ).toEqual([]);
      expect(mayConnect(manifests, keda, peerOf(manifests, 'forescale'), 6000)).toBe(true);
      expect(mayConnect(manifests, peerOf(manifests, 'prometheus'), { ...keda, labels: {} }, 8080)).toBe(
        true,
      );
    }
  });

  it('let nothing else through: not backwards along the chain, not to the scaler, not to the internet', () => {
    for (const [name, manifests] of overlays) {
      const pods = ['app-a', 'app-b', 'app-c', 'forescale', 'prometheus', 'grafana', 'kube-state-metrics'];
      const allowed = flows(needed).map(([from, to]) => `${from} ${to}`);
      const tried = pods.flatMap((from) =>
        pods
          .filter((to) => to !== from && !allowed.includes(`${from} ${to}`))
          .flatMap((to) =>
            Object.values(peerOf(manifests, to).ports).map(
              (port) => [from, to, String(port)] as [string, string, string],
            ),
          ),
      );
      expect(tried.length).toBeGreaterThan(30);
      expect(
        tried.filter((flow) => open(manifests, flow)),
        name,
      ).toEqual([]);
      expect(
        mayConnect(manifests, peerOf(manifests, 'prometheus'), peerOf(manifests, 'forescale'), 6000),
      ).toBe(false);
      expect(pods.filter((from) => mayConnect(manifests, peerOf(manifests, from), stranger, 80))).toEqual([]);
    }
  });

  it('let strangers in at the ports of the node alone, and the Ingress controller where there is one', () => {
    for (const [name, manifests] of overlays) {
      const shown = [
        ['app-a', 8000],
        ['forescale', 8080],
        ['prometheus', 9090],
        ['grafana', 3000],
      ] as const;
      const reached = (from: Peer) =>
        shown.filter(([to, port]) => mayConnect(manifests, from, peerOf(manifests, to), port)).length;
      expect(reached(stranger), name).toBe(localNames.includes(name) ? 4 : 0);
      // In production nothing outside the cluster may connect to the scaler's page and API, not even through an Ingress.
      if (name === 'staging') expect(reached(traefik)).toBe(3);
      if (name === 'production') expect(reached(traefik)).toBe(2);
      for (const [to, port] of [
        ['forescale', 6000],
        ['app-b', 8000],
        ['app-c', 8000],
      ] as const)
        expect(mayConnect(manifests, stranger, peerOf(manifests, to), port)).toBe(false);
    }
  });

  it('deny everything first, in each namespace of ours, and let names be looked up', () => {
    const policies = overlay('k3s').filter(({ kind }) => kind === 'NetworkPolicy');
    for (const namespace of ['forescale', 'monitoring', 'telemetry-app']) {
      const own = policies.filter(({ metadata }) => metadata.namespace === namespace);
      const deny = own.find(({ metadata }) => metadata.name === 'default-deny');
      expect(deny?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
      const dns = own.find(({ metadata }) => metadata.name === 'dns');
      expect(dns?.spec.podSelector).toEqual({});
      expect(dns?.spec.egress[0].ports.map(({ port }: { port: number }) => port)).toEqual([53, 53]);
    }
  });
});
