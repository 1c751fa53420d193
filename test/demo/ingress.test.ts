import { afterEach, describe, expect, it } from 'vitest';
import { type Ingress, openIngress } from '../../src/demo/ingress.ts';

describe('the ingress of the demo', () => {
  let ingress: Ingress | undefined;
  afterEach(() => ingress?.close());

  it('counts each arrival for every fleet, from 0 on, as Prometheus reads it', async () => {
    ingress = await openIngress(['forescale', 'reactive']);
    const { target, arrival } = ingress;
    const samples = async () => {
      const response = await fetch(`http://${target}/metrics`);
      expect(response.headers.get('content-type')).toContain('text/plain');
      return (await response.text()).split('\n').filter((line) => !line.startsWith('#') && line !== '');
    };
    const both = (count: number) =>
      ['forescale', 'reactive'].map((fleet) => `ingress_requests_total{fleet="${fleet}"} ${count}`);
    expect(await samples()).toEqual(both(0));
    arrival();
    arrival();
    expect(await samples()).toEqual(both(2));
  });
});
