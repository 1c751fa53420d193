import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform/log.ts';
import {
  createWorkloads,
  type Workloads,
  type WorkloadsOptions,
} from '../../../src/scaler/directory/workloads.ts';
import { readTiming, workloadDefaults } from '../../../src/server/timing.ts';
import { createFakeModels } from './fake-models.ts';

const day = 86_400;
let clock: number;
let monotonic: number;
let released: number;
let whenReleased: () => void;
let workloads: Workloads;

beforeEach(() => {
  clock = 1_700_000_000;
  monotonic = 0;
  released = 0;
  whenReleased = () => undefined;
  workloads = make();
});

function make(
  limits: Partial<Pick<WorkloadsOptions, 'maxWorkloads' | 'maxPerNamespace' | 'shards'>> = {},
): Workloads {
  const models = createFakeModels();
  return createWorkloads({
    models: {
      ...models,
      hold(request, onUpdate) {
        const held = models.hold(request, onUpdate);
        const release = () => {
          released++;
          whenReleased();
        };
        return { ...held, release };
      },
    },
    defaults: workloadDefaults(readTiming()),
    maxWorkloads: 10,
    maxPerNamespace: 10,
    forgetAfterSeconds: day,
    clock: () => clock,
    monotonic: () => monotonic,
    log: silentLogger,
    isForcedReactive: () => false,
    ...limits,
  });
}

const ref = (name: string, more: Record<string, string> = {}) => ({
  namespace: 'shop',
  name,
  scalerMetadata: { query: 'up', threshold: '1', ...more },
});
const triggersOf = (name: string) => workloads.find('shop', name).map(({ trigger }) => trigger);

describe('workloads', () => {
  it('are released in slices when the server closes, so that other work goes on', async () => {
    for (const name of ['a', 'b', 'c']) workloads.open(ref(name));
    // Each takes longer than a slice.
    whenReleased = () => {
      const untilMs = performance.now() + 5;
      while (performance.now() < untilMs);
    };
    const meanwhile = new Promise<number>((resolve) => setImmediate(() => resolve(released)));
    await workloads.close();
    expect(await meanwhile).toBeLessThan(3);
    expect(released).toBe(3);
    expect(workloads.list()).toEqual([]);
  });

  it('are forgotten when nobody has asked for them for a day, declared ones never', () => {
    workloads.open(ref('old'));
    workloads.open(ref('declared'), { declared: true });
    monotonic += day + 1;
    workloads.open(ref('new'));
    workloads.forgetIdle();
    expect(workloads.list().map(({ name }) => name)).toEqual(['declared', 'new']);
  });

  it('are asked for by a stream that is open, and forgotten a day after it has ended', () => {
    workloads.open(ref('streamed'));
    for (let hour = 0; hour < 48; hour++) {
      monotonic += day / 24;
      expect(workloads.noteStream(ref('streamed'))).toBe(true);
      workloads.forgetIdle();
    }
    expect(workloads.refs().map(({ askedSecondsAgo }) => askedSecondsAgo)).toEqual([0]);
    monotonic += day + 1;
    workloads.forgetIdle();
    expect(workloads.list()).toEqual([]);
    expect(workloads.noteStream(ref('streamed'))).toBe(false);
  });

  it('are forgotten, and told, one after the other, so that other work goes on in between', () => {
    for (const name of ['a', 'b', 'c']) workloads.open(ref(name));
    const told = workloads.eachRef()[Symbol.iterator]();
    expect(told.next().value).toMatchObject({ name: 'a' });
    monotonic += day + 1;
    const forgetting = workloads.forgettingIdle()[Symbol.iterator]();
    forgetting.next();
    expect(workloads.list().map(({ name }) => name)).toEqual(['b', 'c']);
    while (forgetting.next().done !== true);
    expect(workloads.list()).toEqual([]);
  });

  it('are all kept when the clock jumps ahead', () => {
    workloads.open(ref('app'));
    clock += 400 * day;
    workloads.forgetIdle();
    expect(workloads.list()).toHaveLength(1);
  });

  it('have names that Kubernetes could have', () => {
    expect(() => workloads.open(ref('x'.repeat(254)))).toThrow(/name: 254 characters are too many/);
    for (const name of ['', '..', 'a/b', 'A', 'ünï', 'a\0b', 'a\u202eb', '<script>', '-a', 'a-', 'a..b']) {
      expect(() => workloads.open(ref(name))).toThrow(/is no name of Kubernetes/);
      expect(() => workloads.open({ ...ref('app'), namespace: name })).toThrow(/is no name of Kubernetes/);
    }
    expect(workloads.open(ref('my-app.v2')).name).toBe('my-app.v2');
  });

  it('refuse one namespace more than its share, and leave the rest to others', () => {
    const limited = make({ maxWorkloads: 10, maxPerNamespace: 3 });
    for (const name of ['a', 'b', 'c']) limited.open(ref(name));
    expect(() => limited.open(ref('d'))).toThrow(
      /namespace shop already has 3 workloads.*workloadsPerNamespace/,
    );
    expect(limited.open({ ...ref('d'), namespace: 'other' }).name).toBe('d');
  });
});

describe('a server that is one of several shards', () => {
  const own = { name: 'front', namespaces: ['shop', 'cart'], scalerAddress: 'forescale-front:6000' };
  const back = { name: 'back', namespaces: ['search', 'mail'], scalerAddress: 'forescale-back:6000' };
  const byName = { name: 'big', scalerAddress: 'forescale-big:6000' };
  const all = [back, own, byName];
  const of = (namespace: string, more: Record<string, string> = {}) => ({ ...ref('web', more), namespace });

  it('opens what is its own by namespace or by the key shard, and refuses the rest with the address to write', () => {
    const some = make({ shards: { own, all } });
    some.open(of('shop'));
    some.open(of('search', { shard: 'front' }));
    const refusal = expect.objectContaining({
      code: 'other-shard',
      message:
        'scalerAddress: this server is shard front and does not serve mail/web; write forescale-back:6000, the address of shard back, which does',
      fieldErrors: [expect.objectContaining({ field: 'scalerAddress' })],
    });
    expect(() => some.open(of('mail'))).toThrow(refusal);
    expect(() => some.follow(of('mail'), { replica: 'other' } as never)).toThrow(refusal);
    expect(() => some.open(of('shop', { shard: 'big' }))).toThrow(/write forescale-big:6000/);
    expect(some.list().map(({ namespace }) => namespace)).toEqual(['shop', 'search']);
  });

  it('says how a workload gets a shard that has none', () => {
    const some = make({ shards: { own, all } });
    expect(() => some.open(of('bank'))).toThrow(
      /no shard serves bank\/web; name one of back, front, big by the key shard, or add bank to the namespaces of one$/,
    );
    expect(() => some.open(of('bank', { shard: 'frnt' }))).toThrow(
      /no shard is named "frnt".*use back, front, big$/,
    );
    // What a pod's environment says may be a secret.
    expect(() => some.open(of('bank', { shardFromEnv: 'S3CRET' }))).toThrow(
      /no shard is named \(from the environment, not shown\), which/,
    );
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ ...byName, name }));
    expect(() => make({ shards: { own, all: many } }).open(of('bank'))).toThrow(
      /one of a, b, c, d, e and 2 more/,
    );
  });

  it('keeps the key shard for a restart', () => {
    const some = make({ shards: { own, all } });
    some.open(of('search', { shard: 'front' }));
    expect(some.refs()).toMatchObject([{ namespace: 'search', scalerMetadata: { shard: 'front' } }]);
  });

  it('serves all where there are no shards, whatever a trigger names', () => {
    expect(make({}).open(of('bank', { shard: 'front' })).name).toBe('web');
  });
});

describe('a trigger that is edited', () => {
  it('keeps its identity when a threshold or a lead time changes, and only the newest is shown', () => {
    const before = workloads.open(ref('web'));
    monotonic += 30;
    const after = workloads.open(ref('web', { threshold: '20', leadTime: '5m' }));
    expect(after.trigger).toBe(before.trigger);
    expect(workloads.find('shop', 'web')).toEqual([after]);
    expect(workloads.list()).toEqual([after]);
  });

  it('is another when it asks something else: the query, the step, the source', () => {
    const ids = [
      {},
      { query: 'down' },
      { queryStep: '5m' },
      { prometheusAddress: 'other' },
      { namespace: 'x' },
    ].map((more) => workloads.open(ref('web', more)).trigger);
    expect(new Set(ids).size).toBe(5);
  });

  it('is set aside within minutes, so that it is asked of the source no more', () => {
    workloads.open(ref('web', { query: 'a typo' }));
    monotonic += 30;
    const mended = workloads.open(ref('web'));
    expect(workloads.find('shop', 'web')).toEqual([mended]);
    for (let t = 0; t < 150; t += 15) {
      monotonic += 15;
      workloads.open(ref('web'));
      workloads.forgetIdle();
    }
    expect(released).toBe(1);
    expect(workloads.list()).toEqual([mended]);
  });

  it('takes its place again when the edit is taken back, and the edit is set aside', () => {
    const before = workloads.open(ref('web'));
    monotonic += 30;
    workloads.open(ref('web', { query: 'edited' }));
    for (let t = 0; t < 200; t += 15) {
      monotonic += 15;
      expect(workloads.open(ref('web'))).toBe(before);
      workloads.forgetIdle();
    }
    expect(released).toBe(1);
    expect(workloads.list()).toEqual([before]);
  });

  it('closes neither of two triggers that KEDA asks for every five minutes', () => {
    const [first, second] = [ref('web'), ref('web', { query: 'queue' })];
    workloads.open(first);
    for (let t = 0; t < 1200; t += 5) {
      if (t % 300 === 0) workloads.open(first);
      if (t % 300 === 0) monotonic += 1;
      if (t % 300 === 0) workloads.open(second);
      workloads.forgetIdle();
      monotonic += 5;
    }
    expect(released).toBe(0);
  });

  it('is none where KEDA has a stream open about one of two triggers and asks for the other', () => {
    const [streamed, asked] = [ref('web'), ref('web', { query: 'queue' })];
    workloads.open(streamed);
    workloads.open(asked);
    for (let t = 0; t < 1200; t += 15) {
      monotonic += 15;
      workloads.open(asked);
      if (t % 30 === 0) workloads.noteStream(streamed);
      workloads.forgetIdle();
    }
    expect(released).toBe(0);
    expect(triggersOf('web')).toHaveLength(2);
    // It is taken out of the ScaledObject, and KEDA ends its stream.
    for (let t = 0; t < 200; t += 15) {
      monotonic += 15;
      workloads.open(asked);
      workloads.forgetIdle();
    }
    expect(triggersOf('web')).toHaveLength(1);
  });

  it('is none where KEDA asks for one of two triggers less often, as useCachedMetrics makes it', () => {
    const [cached, other] = [ref('web'), ref('web', { query: 'queue' })];
    let hidden = 0;
    for (let t = 0; t < 6000; t += 5) {
      if (t % 300 === 0) workloads.open(cached);
      if (t % 15 === 0) workloads.open(other);
      workloads.forgetIdle();
      if (t > 600 && workloads.list().length < 2) hidden++;
      monotonic += 5;
    }
    expect(hidden).toBe(0);
    // It is set aside once, before anybody can know how often it is asked for.
    expect(released).toBeLessThanOrEqual(1);
    // Taken out of the ScaledObject it is set aside all the same.
    for (let t = 0; t < 1200; t += 15) {
      workloads.open(other);
      workloads.forgetIdle();
      monotonic += 15;
    }
    expect(workloads.list()).toHaveLength(1);
  });

  it('comes back at once when KEDA asks for both: then the ScaledObject has two triggers', () => {
    const [first, second] = [ref('web'), ref('web', { query: 'queue' })];
    workloads.open(first);
    monotonic += 5;
    workloads.open(second);
    expect(triggersOf('web')).toHaveLength(1);
    monotonic += 25;
    workloads.open(first);
    workloads.open(second);
    expect(new Set(triggersOf('web')).size).toBe(2);
    monotonic += 130;
    workloads.open(first);
    workloads.open(second);
    workloads.forgetIdle();
    expect(released).toBe(0);
    expect(triggersOf('web')).toHaveLength(2);
  });

  it('is one workload however often a key changes that decides nothing', () => {
    const limited = make({ maxWorkloads: 2, maxPerNamespace: 2 });
    const opened = Array.from({ length: 20 }, (_, i) => limited.open(ref('web', { deployedAt: String(i) })));
    expect(new Set(opened).size).toBe(1);
    expect(limited.list()).toHaveLength(1);
  });

  it('does not grow without bound where ever more settings of it are asked for', () => {
    const limited = make({ maxWorkloads: 20, maxPerNamespace: 20 });
    const open = (i: number) => limited.open(ref('web', { threshold: String(1 + i) }));
    expect(() => {
      for (let round = 0; round < 3; round++) for (let i = 0; i < 100; i++) open(i);
    }).toThrow(/limit/);
  });

  it('makes room for the next edit where the limit is reached', () => {
    const limited = make({ maxWorkloads: 2, maxPerNamespace: 2 });
    limited.open(ref('other'));
    for (let i = 1; i <= 20; i++) {
      monotonic += 1;
      limited.open(ref('other'));
      expect(limited.open(ref('web', { threshold: String(i) })).threshold).toBe(i);
    }
    expect(limited.list().map(({ name }) => name)).toEqual(['other', 'web']);
  });

  it('is one with the workload that is declared for it, and both differ where they ask different things', () => {
    workloads.open(ref('web'), { declared: true });
    workloads.open(ref('queue'), { declared: true });
    monotonic += 600;
    const asked = workloads.open(ref('web', { threshold: '7' }));
    workloads.open(ref('queue', { query: 'another' }));
    expect(workloads.find('shop', 'web')).toEqual([asked]);
    expect(workloads.find('shop', 'queue')).toHaveLength(2);
  });
});

describe('over a restart', () => {
  it('a trigger keeps the time when it was asked for, so that one that was removed is forgotten', () => {
    workloads.open(ref('gone'));
    monotonic += 0.9 * day;
    workloads.open(ref('asked'));
    const known = workloads.refs();
    expect(known.map(({ name, askedSecondsAgo }) => [name, askedSecondsAgo])).toEqual([
      ['gone', 0.9 * day],
      ['asked', 0],
    ]);

    monotonic = 50;
    const restarted = make();
    for (const { askedSecondsAgo, ...one } of known) restarted.open(one, { askedSecondsAgo });
    expect(restarted.list()).toHaveLength(2);
    monotonic += 0.2 * day;
    restarted.forgetIdle();
    expect(restarted.list().map(({ name }) => name)).toEqual(['asked']);
  });

  it('every trigger of a ScaledObject is shown and kept, also before KEDA asks again', () => {
    workloads.open(ref('web'));
    monotonic += 0.003;
    workloads.open(ref('web', { query: 'queue' }));
    monotonic += 15;
    workloads.open(ref('web'));
    monotonic += 0.003;
    workloads.open(ref('web', { query: 'queue' }));
    const known = workloads.refs();
    expect(known).toHaveLength(2);
    const restarted = make();
    for (const { askedSecondsAgo, ...trigger } of known) restarted.open(trigger, { askedSecondsAgo });
    expect(restarted.list()).toHaveLength(2);
    expect(restarted.refs()).toHaveLength(2);
  });

  it('keeps nothing of a trigger with a secret of its pods', () => {
    workloads.open(ref('web', { customHeadersFromEnv: 'X-Key=hunter2' }));
    workloads.open(ref('web', { namespaceFromEnv: 'hunter2' }));
    expect(workloads.list()).toHaveLength(2);
    expect(workloads.refs()).toEqual([]);
  });

  it.each(['queryFromEnv', 'replicasQueryFromEnv', 'prometheusAddressFromEnv', 'serverAddressFromEnv'])(
    'keeps nothing of a trigger with %s',
    (key) => {
      const { query, ...without } = ref('web').scalerMetadata;
      const plain = key === 'queryFromEnv' ? without : { ...without, query };
      workloads.open({ ...ref('web'), scalerMetadata: { ...plain, [key]: 'hunter2' } });
      expect(workloads.refs()).toEqual([]);
      expect(workloads.list()).toHaveLength(1);
    },
  );

  it('keeps the keys alone that decide something, no values of keys it does not know', () => {
    workloads.open(ref('web', { passwordFromEnv: 'hunter2', metricName: 'secret', leadTimeFromEnv: '5m' }));
    expect(workloads.refs()[0]?.scalerMetadata).toEqual({
      query: 'up',
      threshold: '1',
      leadTimeFromEnv: '5m',
    });
  });
});
