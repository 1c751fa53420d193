import { describe, expect, it } from 'vitest';
import { rowWords, summaryOf } from '../../../../src/api/page/overview/row-words.js';

const workload = {
  namespace: 'shop',
  name: 'web',
  state: 'trusted',
  attention: 'ok',
  unit: 'requests/s',
  observed: 1234.5,
  signal: 143,
  replicasAsked: 15,
  replicasReady: null,
  maxReplicas: 12,
  leadTimeSeconds: 150,
  achievedService: 0.9912,
  nextPeak: { t: 1000, replicas: 14 },
};

describe('the row of a workload', () => {
  it('has a link without the trigger, so that it survives edits, unless there are several', () => {
    expect(rowWords(workload, 0)).toMatchObject({ href: '#/shop/web', name: 'shop/web' });
    expect(rowWords({ ...workload, trigger: 'a1b2' }, 0)).toMatchObject({
      href: '#/shop/web?trigger=a1b2',
      name: 'shop/web (a1b2)',
    });
  });

  it('says what is asked of what, and what is not known', () => {
    const { cells, isPeakAboveMax } = rowWords(workload, 0);
    expect(cells.slice(0, 7)).toEqual(['1,235 requests/s', '143', '15', '–', '12', '2m 30s', '99.12%']);
    expect(cells[7]).toMatch(/^[\w: ]+, 14 replicas$/);
    expect(isPeakAboveMax).toBe(true);
    expect(rowWords({ ...workload, nextPeak: null }, 0)).toMatchObject({ isPeakAboveMax: false });
  });
});

describe('the summary of all workloads', () => {
  const list = (...attentions: string[]) => ({
    total: attentions.length,
    workloads: attentions.map((attention) => ({ attention })),
  });

  it('counts those that need attention', () => {
    expect(summaryOf(list('critical', 'warning', 'notice', 'ok'))).toBe('2 need attention of 4');
    expect(summaryOf(list('critical', 'ok'))).toBe('1 needs attention of 2');
    expect(summaryOf(list('notice', 'ok'))).toBe('All 2 are well');
    expect(summaryOf(list('ok'))).toBe('The workload is well');
    expect(summaryOf(list())).toBe('No workload');
  });

  it('says that there may be more where only the worst are listed', () => {
    expect(summaryOf({ ...list('critical', 'critical'), total: 5000 })).toBe(
      '2 or more need attention of 5,000',
    );
  });
});
