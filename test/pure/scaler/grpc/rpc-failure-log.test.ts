import { expect, it } from 'vitest';
import { ForescaleError } from '../../../../src/platform/errors.ts';
import { createRpcFailureLog } from '../../../../src/scaler/grpc/rpc-failure-log.ts';

it('logs a failure with the workload’s name once, then once an hour with how many there were', () => {
  let now = 0;
  const lines: object[] = [];
  const write = (fields: object) => void lines.push(fields);
  const log = createRpcFailureLog({ debug: write, info: write, warn: write, error: write }, () => now);
  const stale = new ForescaleError('stale', 'the last observation is older than allowed');
  const ref = (name: string) => ({ namespace: 'shop', name, scalerMetadata: {} });
  for (now = 0; now < 3_600; now += 15) log.note('GetMetrics', ref('web'), stale);
  log.note('GetMetrics', ref('web'), stale);
  log.note('GetMetrics', ref('other'), stale);
  log.note('GetMetrics', ref('web'), new ForescaleError('no-data', 'no series'));
  const fields = { method: 'GetMetrics', namespace: 'shop', name: 'web' };
  expect(lines).toEqual([
    { ...fields, code: 'stale', error: stale.message, failures: 1 },
    { ...fields, code: 'stale', error: stale.message, failures: 240 },
    { ...fields, name: 'other', code: 'stale', error: stale.message, failures: 1 },
    { ...fields, code: 'no-data', error: 'no series', failures: 1 },
  ]);
});

it('remembers a bounded number of kinds of failure', () => {
  let lines = 0;
  const write = () => void lines++;
  const log = createRpcFailureLog({ debug: write, info: write, warn: write, error: write }, () => 0);
  const error = new ForescaleError('invalid-argument', 'no');
  const note = (i: number) =>
    log.note('IsActive', { namespace: 'n', name: `w${i}`, scalerMetadata: {} }, error);
  for (let i = 0; i < 1_500; i++) note(i);
  note(1_499);
  expect(lines).toBe(1_500);
  note(0);
  expect(lines).toBe(1_501);
});
