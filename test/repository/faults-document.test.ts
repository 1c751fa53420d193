import { describe, expect, it } from 'vitest';
import { faultPresets } from '../../src/telemetry-app/faults/fault-presets.ts';
import { FaultOrderSchema, faultNames } from '../../src/telemetry-app/faults/fault-schemas.ts';
import { faultHeaders } from '../../src/telemetry-app/http/fault-headers.ts';
import { readDocument, section } from './markdown.ts';

const text = section(readDocument('docs/configuration.md'), 'Telemetry app');

describe('the faults in docs/configuration.md', () => {
  it('are those that can be ordered at run time, with what an order says besides', () => {
    const paragraph = text.slice(text.indexOf('**Faults at run time.**'), text.indexOf('**Faults of one'));
    expect(paragraph.length).toBeGreaterThan(500);
    for (const name of faultNames) expect(paragraph).toContain(`\`${name}\``);
    const orders = [...paragraph.matchAll(/-d '(.+)'/g)].map(([, json = '']) => JSON.parse(json));
    expect(orders.length).toBeGreaterThan(1);
    for (const order of orders) {
      expect(Object.keys(FaultOrderSchema.properties)).toEqual(expect.arrayContaining(Object.keys(order)));
      if ('preset' in order) expect(Object.keys(faultPresets)).toContain(order.preset);
      expect(faultNames).toEqual(expect.arrayContaining(Object.keys(order.faults ?? {})));
    }
  });

  it('are the headers a request can have, and no other', () => {
    const listed = [...text.matchAll(/^- `(x-fault-[a-z]+)`: \w/gm)].map(([, name]) => name);
    expect(listed).toEqual(Object.values(faultHeaders).map(({ name }) => name));
  });
});
