import { describe, expect, it } from 'vitest';
import type { Event } from '../../../../src/api/schemas/events.ts';
import type { ServedDecision } from '../../../../src/forecast/index.ts';
import { createEventLog } from '../../../../src/server/event-log.ts';
import { decisions } from '../../../pure/scaler/record/some-decisions.ts';
import { directoryOf, modelOf, nowSeconds, taught, workloadOf } from '../../api/fixture.ts';
import { key, recordOf, startSeconds } from '../../api/record-fixture.ts';
import { commandAgainst } from './served.ts';

/** Decisions without fresh data from 10 min on, until 15 min. */
const made = decisions(290, startSeconds).map(
  (decision, index): ServedDecision =>
    index >= 60 && index < 90
      ? { ...decision, fresh: false, fallbackReasons: ['no fresh observation for 31 s'] }
      : decision,
);
const directory = directoryOf([workloadOf(modelOf(taught(9)))]);

describe('forescale events', () => {
  const { serve, run, failing } = commandAgainst('events');

  it('tells what changed for a workload from its record, newest last', async () => {
    await serve({ directory, record: recordOf(made) });
    const { stdout } = await run(['shop/checkout', '--time-zone', 'Europe/Berlin']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^2026-01-06T\d\d:\d\d:\d\d\+01:00 {2}blind {12}shop\/checkout: There is no fresh data any more, .*: no fresh observation for 31 s$/,
    );
    expect(lines[1]).toMatch(/ {2}recovered {8}shop\/checkout: There is fresh data again$/);
    expect((await run(['shop/checkout', '--since', '10m'])).stderr).toBe('nothing changed within 10m\n');
    expect(
      (await run(['shop/checkout', '--since', '7d', '--json'])).stdout.trimEnd().split('\n'),
    ).toHaveLength(2);
  });

  it('tells what changed for all workloads and the server, with colour where a person watches', async () => {
    const log = createEventLog(10);
    for (const decision of made) log.note(key, decision);
    log.noteSwitch({ mode: 'reactive', at: nowSeconds });
    await serve({ directory, events: async (since) => log.since(since) });
    const { stdout } = await run(['--json']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
    expect(events.map(({ kind, name }) => [kind, name])).toEqual([
      ['blind', 'checkout'],
      ['recovered', 'checkout'],
      ['mode-switched', null],
    ]);
    const shown = await run([], { isStdoutTty: true });
    expect(shown.stdout).toContain(`\x1b[31m${'blind'.padEnd(15)}\x1b[39m  shop/checkout: `);
    expect(shown.stdout).toContain('server: The kill switch was turned on');
  });

  it('writes out what a terminal would obey in the words of a source or of another replica', async () => {
    const message = 'it says \u001b[2J\u009b31m\u202egnp.\nexe';
    const event = { at: nowSeconds, namespace: 'shop', name: 'web', trigger: 'a1', kind: 'blind', message };
    await serve({ directory, events: async () => [event as Event] });
    const { stdout } = await run([]);
    expect(stdout).toContain('it says \\u{1b}[2J\\u{9b}31m\\u{202e}gnp.\nexe');
    expect((await failing(['shop/no\u001b[2J'])).message).not.toContain('\u001b');
  });

  it('keeps the newest 5,000 events, and forgets workloads that were silent longest', () => {
    const log = createEventLog(1);
    const [fine, dark] = [made[0], made[70]] as [ServedDecision, ServedDecision];
    for (let index = 0; index < 12_000; index++)
      log.note(key, { ...(index % 2 ? dark : fine), atSeconds: index });
    expect(log.since(0)).toHaveLength(5_000);
    expect(log.since(0).at(-1)?.at).toBe(11_999);
    log.note({ ...key, name: 'other' }, fine);
    log.note(key, fine);
    expect(log.since(0).at(-1)?.at).toBe(11_999);
  });

  it('refuses a trigger without a workload, and a workload that nobody knows', async () => {
    await serve({ directory, record: recordOf([]) });
    expect(await failing(['--trigger', 'a1'])).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--trigger: goes with a workload'),
    });
    expect(await failing(['shop/none'])).toMatchObject({ exitCode: 1 });
  });
});
