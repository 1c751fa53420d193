import { expect, it } from 'vitest';
import type { Decision } from '../../../src/forecast/index.ts';
import { createStateLog } from '../../../src/scaler/state-log.ts';

const decision: Decision = {
  atSeconds: 0,
  fresh: true,
  signal: 1,
  active: true,
  observed: 1,
  wanted: 1,
  predictedPeak: undefined,
  trust: undefined,
  windowSeconds: 200,
  dataAgeSeconds: undefined,
  serviceLevel: 0.99,
  askedLevel: 0.99,
  askedFactor: 1,
  margin: 1,
  headroom: 1,
  basis: 'observed',
  fallbackReasons: ['has 6 hours of history'],
};
const well = { state: 'fresh', lastSuccessSeconds: 0, lastError: undefined, rows: 0, warnings: [] } as const;
const trusted = { ...decision, trust: 1, fallbackReasons: [] };

it('logs each change of state once, with the name of the workload and the cause', () => {
  const lines: unknown[] = [];
  const write = (level: string) => (fields: object, event: string) =>
    void lines.push({ level, event, ...fields });
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const workload = { namespace: 'shop', name: 'web', trigger: 'abc' };
  const states = createStateLog(log, workload);
  const timeout = { code: 'source-timeout', message: 'did not answer within 5 s', atSeconds: 9 } as const;

  const failed = { ...well, lastError: timeout };
  states.note(undefined, 'active', well);
  for (let i = 0; i < 3; i++) states.note(decision, 'active', well);
  for (const trust of [1, 0.9, 0.5, 0, 0.5, 0.9, 1]) states.note({ ...trusted, trust }, 'active', well);
  for (let i = 0; i < 3; i++) states.note({ ...trusted, fresh: false }, 'active', failed);
  states.note(undefined, 'active', failed);
  states.note(trusted, 'active', well);
  states.note(trusted, 'reactive', well);

  const change = (level: string, from: string, to: string, cause?: string) => ({
    level,
    event: 'workload-state',
    ...workload,
    from,
    to,
    ...(cause === undefined ? {} : { cause }),
  });
  expect(lines).toEqual([
    change('info', 'new', 'learning', 'has 6 hours of history'),
    change('info', 'learning', 'trusted'),
    change('warn', 'trusted', 'distrusted'),
    change('info', 'distrusted', 'trusted'),
    change('warn', 'trusted', 'blind', timeout.message),
    change('warn', 'blind', 'unavailable', timeout.message),
    change('info', 'unavailable', 'trusted'),
    change('info', 'trusted', 'reactive'),
  ]);
});

it('logs once that a model fails, as an error, and once that it answers again', () => {
  const lines: unknown[] = [];
  const none = () => undefined;
  const log = {
    debug: none,
    warn: none,
    info: (_fields: object, event: string) => void lines.push(event),
    error: (fields: object, event: string) => void lines.push({ event, ...fields }),
  };
  const workload = { namespace: 'shop', name: 'web', trigger: 'abc' };
  const states = createStateLog(log, workload);
  for (const error of [undefined, new TypeError('bug'), new TypeError('bug'), undefined, undefined])
    states.noteForecast(error);
  expect(lines).toEqual([
    { event: 'forecast-failed', error: 'TypeError: bug', ...workload },
    'forecast-recovered',
  ]);
});
