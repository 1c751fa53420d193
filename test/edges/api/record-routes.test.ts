import { describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { DecisionRecord } from '../../../src/forecast/index.ts';
import { decisions } from '../../pure/scaler/record/some-decisions.ts';
import { apiOptions, directoryOf, modelOf, nowSeconds, problemOf, taught, workloadOf } from './fixture.ts';
import { gone, key, recordOf, startSeconds } from './record-fixture.ts';

const app = (record?: DecisionRecord) =>
  createApiApp(apiOptions({ directory: directoryOf([workloadOf(modelOf(taught(9)))]), record }));
const made = decisions(300, startSeconds);
const path = (name: string, query = '') => `/api/v1/workloads/shop/${name}${query}`;

describe('GET …/decisions', () => {
  it('lists every decision of the last hour, with parts that add up to what KEDA was told', async () => {
    const api = await app(recordOf(made));
    const answer = (await api.inject(path('checkout/decisions'))).json();
    expect(answer).toMatchObject({
      ...key,
      to: nowSeconds,
      from: nowSeconds - 3600,
      stepSeconds: null,
      next: null,
    });
    expect(answer.record).toEqual({ kept: 'memory', warning: null, oldestAt: startSeconds });
    expect(answer.decisions).toHaveLength(300);
    for (const { parts, signal } of answer.decisions) {
      const sum = Object.values<number>(parts).reduce((total, value) => total + value, 0);
      expect(Math.abs(sum - signal)).toBeLessThan(1e-9);
    }
    expect(answer.decisions[100]).toMatchObject({
      status: 'served',
      basis: 'forecast',
      came: expect.any(Number),
    });
    await api.close();
  });

  it('gives pages, and steps', async () => {
    const api = await app(recordOf(made));
    const first = (await api.inject(path('checkout/decisions', '?limit=200'))).json();
    expect(first.decisions).toHaveLength(200);
    const second = (await api.inject(path('checkout/decisions', `?from=${first.next}`))).json();
    expect(second.decisions).toHaveLength(100);
    const steps = (await api.inject(path('checkout/decisions', '?step=10m&range=49m'))).json();
    expect(steps.decisions.map(({ at }: { at: number }) => at % 600)).toEqual([0, 0, 0, 0, 0]);
    await api.close();
  });

  it('fits into one answer whatever the reasons are', async () => {
    const reasons = Array.from({ length: 4 }, (_, index) => `${index}${'because '.repeat(29)}`);
    const long = decisions(1_000, startSeconds).map((decision) => ({
      ...decision,
      fallbackReasons: reasons,
    }));
    const api = await app(recordOf(long));
    const answer = await api.inject(
      path('checkout/decisions', `?from=0&to=${nowSeconds + 10_000}&limit=1000`),
    );
    expect(answer.statusCode).toBe(200);
    const { decisions: listed, next } = answer.json();
    expect(listed.length).toBeGreaterThan(100);
    expect(next).toBeGreaterThan(listed.at(-1).at);
    await api.close();
  });

  it('tells of a workload that is forgotten, until its record is', async () => {
    const api = await app(recordOf(made));
    const answer = (await api.inject(path('gone/decisions'))).json();
    expect(answer).toMatchObject({ ...gone });
    expect(answer.decisions).toHaveLength(300);
    expect(await problemOf(api, path('never/decisions'))).toMatchObject({ status: 404, code: 'not-found' });
    expect(await problemOf(api, path('checkout/decisions', '?trigger=ffff'))).toMatchObject({ status: 404 });
    await api.close();
  });

  it.each([
    ['?from=200&to=100', 'from'],
    ['?limit=1001', 'limit'],
    ['?step=0', 'step'],
    ['?range=1h&from=5', 'range'],
    ['?stop=1', 'stop'],
  ])('refuses %s by name', async (query, field) => {
    const api = await app(recordOf(made));
    const { status, faults } = await problemOf(api, path('checkout/decisions', query));
    expect(status).toBe(400);
    expect(faults.map((fault) => fault.field)).toContain(field);
    await api.close();
  });
});

describe('GET …/explain?at=', () => {
  it('says in a sentence why so many replicas were asked for then, and what came', async () => {
    const api = await app(recordOf(made));
    const answer = (await api.inject(path('checkout/explain', `?at=${startSeconds + 1_005}`))).json();
    expect(answer.summary).toMatch(
      /^At 2026-01-06 08:26:45Z KEDA was told [\d.]+ requests\/s, which is \d+ replicas at 10 each: demand was [\d.]+, and the forecast decided: demand was to stay at or below [\d.]+ for the next 3m10s \(97% sure\)\. Demand then reached [\d.]+ within 3m10s, (at or below|above) the [\d.]+ that was forecast\.$/,
    );
    const sum = (parts: { value: number }[]) => parts.reduce((total, { value }) => total + value, 0);
    expect(Math.abs(sum(answer.parts) - answer.recorded.signal)).toBeLessThan(1e-9);
    expect(Math.abs(sum(answer.boundParts) - answer.recorded.predictedPeak)).toBeLessThan(1e-9);
    expect(answer.recorded).toMatchObject({ at: startSeconds + 1_005, madeAt: startSeconds + 1_000 });
    await api.close();
  });

  it('says since when there are decisions where there is none', async () => {
    const api = await app(recordOf(made));
    const detailAt = async (seconds: number) =>
      (await problemOf(api, path('checkout/explain', `?at=${seconds}`))).detail;
    expect(await problemOf(api, path('checkout/explain', '?at=1000'))).toMatchObject({
      status: 404,
      code: 'not-on-record',
    });
    expect(await detailAt(1_000)).toMatch(/the record begins at 2026-01-06 08:10:00Z/);
    expect(await detailAt(nowSeconds + 60)).toMatch(/it is to come/);
    expect(await problemOf(api, path('checkout/explain', '?at=1000&window=1h'))).toMatchObject({
      status: 400,
    });
    await api.close();
  });

  it('says that nothing was served, and why', async () => {
    const nothing = {
      kind: 'none',
      atSeconds: startSeconds,
      reasons: ['the source does not answer'],
    } as const;
    const api = await app(recordOf([nothing]));
    const answer = (await api.inject(path('checkout/explain', `?at=${startSeconds + 1}`))).json();
    expect(answer.summary).toMatch(/told nothing but an error.*: the source does not answer\.$/);
    expect(answer).toMatchObject({ rule: null, parts: [], outcome: null });
    expect(answer.recorded).toMatchObject({ status: 'unavailable', signal: null });
    await api.close();
  });

  it('says why the record is not where it should be', async () => {
    const api = await app(recordOf(made, 'decisions.sqlite: the disk is full'));
    const answer = (await api.inject(path('checkout/explain', `?at=${startSeconds + 60}`))).json();
    expect(answer.record).toMatchObject({ kept: 'memory', warning: 'decisions.sqlite: the disk is full' });
    const without = await app();
    expect(await problemOf(without, path('checkout/decisions'))).toMatchObject({ code: 'not-on-record' });
    await Promise.all([api.close(), without.close()]);
  });
});
