import { describe, expect, it } from 'vitest';
import { drawDemo } from '../../../../demo/report/picture.ts';
import type { FleetSample } from '../../../../demo/scale-ups.ts';

/** A look a second; each row is [demand, capacity, shed so far]. */
function samples(...rows: readonly (readonly [number, number, number])[]): FleetSample[] {
  return rows.map(([demand, capacity, shed], t) => {
    const ready = capacity / 10;
    return { t, demand, capacity, shed, ready, replicas: ready };
  });
}

const calm = samples([10, 20, 0], [30, 40, 0], [40, 40, 0]);
const overrun = samples([10, 20, 0], [30, 20, 10], [40, 40, 14]);

function draw(verdict = 'a & b'): string {
  const fleets = [
    { name: 'forescale', samples: calm },
    { name: 'reactive', samples: overrun },
  ];
  return drawDemo({ fleets, shiftSeconds: 0, verdict }) ?? '';
}

describe('the picture of a run', () => {
  it('shows demand, capacity and shed requests of each fleet, the reactive one first', () => {
    const [reactive = '', forescale = ''] = draw().split(
      'forescale: scaled on Forescale’s signal, 0 requests shed',
    );
    expect(reactive).toContain('reactive: scaled on what is observed, 14 requests shed');
    for (const panel of [reactive, forescale]) {
      expect(panel.match(/<polyline class="demand-line"/g)).toHaveLength(1);
      expect(panel.match(/<path class="capacity" d="M56,[\d.]+(?:H[\d.]+V[\d.]+)+H976"/g)).toHaveLength(1);
    }
    expect(forescale).toContain('<g class="shed"></g>');
    expect(reactive.match(/<g class="shed">(?:<rect [^>]+>){2}<\/g>/g)).toHaveLength(1);
  });

  it('is well-formed, whole numbers and tenths, fits light and dark, and holds no script', () => {
    const picture = draw();
    expect(picture).toContain('a &amp; b.');
    expect(picture).not.toMatch(/NaN|undefined|Infinity|\d\.\d{2,}(?!\d*\s*[;}])(?=["',HV])/);
    expect(picture).toContain('prefers-color-scheme: dark');
    expect(picture).not.toContain('<script');
    const opened = picture.match(/<(?:svg|title|style|g|text)\b/g)?.length;
    expect(picture.match(/<\/(?:svg|title|style|g|text)>/g)).toHaveLength(opened ?? -1);
  });

  it('is not drawn of a run that has not begun', () => {
    const fleets = [{ name: 'forescale', samples: calm.slice(0, 1) }];
    expect(drawDemo({ fleets, shiftSeconds: 0, verdict: '' })).toBeUndefined();
    expect(drawDemo({ fleets: [], shiftSeconds: 0, verdict: '' })).toBeUndefined();
  });
});
