import { describe, expect, it } from 'vitest';
import { composeJointQueries } from '../../../../src/history/prometheus/joint/joint-query.ts';
import { memberQuery } from '../../../../src/history/prometheus/joint/member-query.ts';

const usual = { mostMembers: 200, mostBytes: 12_000 };

function compose(queries: readonly string[], bounds = usual) {
  const members = queries.map(memberQuery).filter((member) => member !== undefined);
  expect(members).toHaveLength(queries.length);
  return composeJointQueries(members, bounds);
}

describe('a query that is asked alone', () => {
  it.each([
    ['is no expression', 'sum('],
    ['is two expressions', 'sum(a), sum(b)'],
    ['would leave its brackets', 'up) or (up'],
    ['would be another member', 'up), "forescale_member", "0", "", "") or label_replace((up'],
    ['is a number', '1 + 1'],
    ['is the time', '(time())'],
    ['is a range', 'up[5m] offset 1m'],
    ['is a text', '"a"'],
    ['has a text without its end', 'label_replace(up, "a\n, "b", "c", "d")'],
    ['has a text that ends elsewhere for VictoriaMetrics', 'up{a=`\\`}'],
    ['has a comment that ends elsewhere for Prometheus', 'up # a\r + 1'],
    ['is PromQL of VictoriaMetrics', 'up default 0'],
    ['is very long', `up{a="${'x'.repeat(2_000)}"}`],
    ['is deep', `${'('.repeat(31)}up${')'.repeat(31)}`],
    ['is empty', ''],
  ])('%s: %s', (_, query) => {
    expect(memberQuery(query)).toBeUndefined();
  });
});

describe('queries that differ by the value of one label', () => {
  it('are grouped by it', () => {
    const [joint, ...more] = compose(['a', 'b.c'].map((app) => `sum(rate(m{app="${app}"}[2m])) # of ${app}`));
    expect(more).toEqual([]);
    expect(joint?.query).toBe(
      'label_replace(sum by (app) (rate(m{app=~"a|b[.]c"}[2m])), "forescale_member", "0", "", "")',
    );
    expect(joint?.membersOf({ forescale_member: '0', app: 'b.c' })).toEqual([1]);
    expect(joint?.membersOf({ forescale_member: '0', app: 'b' })).toEqual([]);
    expect(joint?.membersOf({ app: 'a' })).toEqual([]);
  });

  it.each([
    ['an aggregation with labels', (app: string) => `sum by (pod) (m{app="${app}"})`],
    ['a calculation', (app: string) => `sum(m{app="${app}"}) * 2`],
    ['several selectors', (app: string) => `sum(m{app="${app}"} / n{app="${app}"})`],
    ['a function that looks at all series', (app: string) => `sum(absent(m{app="${app}"}))`],
    ['an aggregation with a parameter', (app: string) => `quantile(0.9, m{app="${app}"})`],
    ['an aggregation that picks series', (app: string) => `topk(1, m{app="${app}"})`],
    ['a regular expression', (app: string) => `sum(m{app=~"${app}"})`],
    ['the name of the metric', (app: string) => `sum({__name__="${app}"})`],
    ['a label that is asked twice', (app: string) => `sum(m{app="${app}",app!="x"})`],
    ['a value that is a regular expression', (app: string) => `sum(m{app="${app}*"})`],
    ['a value without text', (app: string) => `sum(m{app="",pod=~"${app}"})`],
    ['several arguments', (app: string) => `sum(m{app="${app}"}, n)`],
    ['a long range', (app: string) => `sum(rate(m{app="${app}"}[3h]))`],
    ['a subquery', (app: string) => `sum(rate(m{app="${app}"}[2m:1m]))`],
  ])('but for %s stay as they are', (_, query) => {
    const [joint] = compose(['a', 'b'].map(query));
    expect(joint?.query).toBe(
      `(label_replace((${query('a')}), "forescale_member", "0", "", "") or label_replace((${query('b')}), "forescale_member", "1", "", ""))`,
    );
  });

  it('are grouped by the label in which most of them differ', () => {
    const [joint] = compose(
      ['a', 'b', 'c'].map((app) => `sum(m{zone="z",app="${app}"})`).concat('sum(m{zone="y",app="a"})'),
    );
    expect(joint?.query).toContain('sum by (app) (m{zone="z",app=~"a|b|c"})');
    expect(joint?.query).toContain('(sum(m{zone="y",app="a"}))');
  });
});

it('puts every query into exactly one joint one, each within the bounds', () => {
  const apps = Array.from({ length: 300 }, (_, n) => `app-${n}`);
  const queries = apps.flatMap((app) => [`sum(m{app="${app}"})`, `max(n{app="${app}"}) / 2`]);
  const joints = compose(queries, { mostMembers: 50, mostBytes: 3_000 });
  expect(joints.flatMap(({ members }) => members).toSorted()).toEqual(queries.toSorted());
  for (const { query, members } of joints) {
    expect(members.length).toBeLessThanOrEqual(50);
    expect(query.length).toBeLessThan(3_200);
  }
});
