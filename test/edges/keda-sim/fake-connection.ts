import { ScalerCallError, type ScalerConnection, type ScalerRpc } from '../../../src/keda-sim/connection.ts';

export interface FakeConnection extends ScalerConnection {
  /** Answers of the scaler, which a test may change at any time. */
  readonly answer: {
    value: number;
    active: boolean | undefined;
    target: number;
    failing: ScalerRpc | undefined;
    hanging: ScalerRpc | undefined;
  };
  /** RPC names in the order they were called. */
  readonly log: ScalerRpc[];
  /** Sends a message over the open stream. */
  push(active: boolean): void;
  /** Ends the open stream; without an error code it ends cleanly. */
  endStream(code?: string): void;
}

/** A scaler as a plain object: answers at once, for tests in virtual time. Active follows the value unless it is set. */
export function createFakeConnection(): FakeConnection {
  const answer: FakeConnection['answer'] = {
    value: 0,
    active: undefined,
    target: 10,
    failing: undefined,
    hanging: undefined,
  };
  const log: ScalerRpc[] = [];
  const calls = { GetMetricSpec: 0, GetMetrics: 0, IsActive: 0, StreamIsActive: 0 };
  let stream: { send: (active: boolean) => void; end: (code?: string) => void } | undefined;

  async function called(rpc: ScalerRpc, signal: AbortSignal): Promise<void> {
    log.push(rpc);
    calls[rpc]++;
    if (answer.failing === rpc) throw new ScalerCallError(rpc, 'UNAVAILABLE', 'told to fail');
    if (answer.hanging === rpc) {
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new ScalerCallError(rpc, 'CANCELLED', 'stopped')));
      });
    }
  }

  return {
    answer,
    log,
    calls,
    push: (active) => stream?.send(active),
    endStream: (code) => stream?.end(code),
    async getMetricSpec({ signal }) {
      await called('GetMetricSpec', signal);
      return [{ metricName: 'demand', targetSize: 0, targetSizeFloat: answer.target }];
    },
    async getMetrics(_metricName, { signal }) {
      await called('GetMetrics', signal);
      return [{ metricValue: 0, metricValueFloat: answer.value }];
    },
    async isActive({ signal }) {
      await called('IsActive', signal);
      return answer.active ?? answer.value > 0;
    },
    async streamIsActive(onMessage, { signal }) {
      await called('StreamIsActive', signal);
      await new Promise<void>((resolve, reject) => {
        stream = {
          send: onMessage,
          end: (code) =>
            code === undefined ? resolve() : reject(new ScalerCallError('StreamIsActive', code, 'broken')),
        };
        signal.addEventListener('abort', () => resolve());
      });
    },
    close() {},
  };
}
