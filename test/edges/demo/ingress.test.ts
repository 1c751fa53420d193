import { afterEach, describe, expect, it } from 'vitest';
import { type Ingress, openIngress } from '../../../demo/ingress.ts';

describe('the ingress of the demo', () => {
  let ingress: Ingress | undefined;
  afterEach(() => ingress?.close());

  it('counts each arrival for every fleet, from 0 on, as Prometheus reads it, and says when', async () => {
    let now = 1_700_000_000.5;
    ingress = await openIngress(['forescale', 'reactive'], () => now);
    const { target, arrival } = ingress;
    const samples = async () => {
      const response = await fetch(`http://${target}/metrics`);
      expect(response.headers.get('content-type')).toContain('text/plain');
      return (await response.text()).split('\n').filter((line) => !line.startsWith('#') && line !== '');
    };
    const both = (sample: string) =>
      ['forescale', 'reactive'].map((fleet) => `ingress_requests_total{fleet="${fleet}"} ${sample}`);
    expect(await samples()).toEqual(both('0 1700000000500'));
    arrival();
    arrival();
    now += 1.25;
    expect(await samples()).toEqual(both('2 1700000001750'));
  });
});
