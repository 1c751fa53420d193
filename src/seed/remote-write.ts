import protobuf from 'protobufjs';
import { compress } from 'snappyjs';
import { secretsIn, withoutSecrets } from '../history/http/concealed.ts';
import type { ConnectionSettings } from '../history/http/connection-settings.ts';
import { createHttpConnection, type HttpAnswer } from '../history/http/http-connection.ts';
import type { Proxies } from '../history/http/proxies.ts';
import { type Delay, realDelay, withRetries } from '../history/http/retry.ts';
import { notTheApi } from '../history/prometheus/prometheus-answer.ts';
import { ForescaleError } from '../platform/errors.ts';
import type { Series } from './series.ts';

/** The part of prometheus.WriteRequest (remote write 1.0) that a writer of plain samples needs. */
const writeRequest = protobuf.Root.fromJSON({
  nested: {
    WriteRequest: { fields: { timeseries: { rule: 'repeated', type: 'TimeSeries', id: 1 } } },
    TimeSeries: {
      fields: {
        labels: { rule: 'repeated', type: 'Label', id: 1 },
        samples: { rule: 'repeated', type: 'Sample', id: 2 },
      },
    },
    Label: { fields: { name: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    Sample: { fields: { value: { type: 'double', id: 1 }, timestamp: { type: 'int64', id: 2 } } },
  },
}).lookupType('WriteRequest');

/** Prometheus's own sender puts 2,000 samples into a request by default; receivers accept this many too. */
const samplesPerRequest = 5_000;
const requestTimeoutMs = 30_000;
const maxAnswerBytes = 64 * 1024;

export interface RemoteWriteOptions extends ConnectionSettings {
  readonly series: Series;
  /** Path of the receiver below `url` (default: that of Prometheus, `/api/v1/write`). */
  readonly path?: string;
  readonly signal?: AbortSignal | undefined;
  /** Called after each request with the number of samples written so far. */
  readonly onProgress?: (writtenSamples: number) => void;
  readonly delay?: Delay;
  readonly proxies?: Proxies;
}

/**
 * Writes a series to a receiver of remote write, oldest sample first. Rejects with `source-rejected` where Prometheus refuses the samples,
 * and names the setting that would accept them; in all other cases it rejects as reading does.
 * Source: Prometheus Remote-Write 1.0 specification.
 */
export async function remoteWrite(options: RemoteWriteOptions): Promise<void> {
  const {
    series,
    path = '/api/v1/write',
    signal = new AbortController().signal,
    onProgress,
    delay = realDelay,
  } = options;
  const connection = createHttpConnection(options, { proxies: options.proxies });
  try {
    for (let from = 0; from < series.timestamps.length; from += samplesPerRequest) {
      const to = Math.min(from + samplesPerRequest, series.timestamps.length);
      const body = compress(encodeWriteRequest(series, from, to));
      const send = async () => {
        const answer = await connection.send({
          path,
          body,
          headers: {
            'content-type': 'application/x-protobuf',
            'content-encoding': 'snappy',
            'x-prometheus-remote-write-version': '0.1.0',
          },
          maxBytes: maxAnswerBytes,
          timeoutMs: requestTimeoutMs,
          signal,
        });
        if (answer.status < 200 || answer.status > 299) {
          const shown = withoutSecrets(answer, secretsIn(answer.credentials));
          throw refusedWrite(connection.address, shown);
        }
      };
      await withRetries(send, { retries: 3, backoffMs: 200, delay, signal });
      onProgress?.(to);
    }
  } finally {
    await connection.close();
  }
}

/** Encodes the samples [from, to) as a protobuf WriteRequest, uncompressed. */
export function encodeWriteRequest(series: Series, from: number, to: number): Uint8Array {
  const labels = Object.entries({ ...series.labels, __name__: series.metric })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }));
  const samples = Array.from(series.timestamps.subarray(from, to), (unixSeconds, index) => ({
    timestamp: Math.round(unixSeconds * 1000),
    value: series.values[from + index] ?? Number.NaN,
  }));
  return writeRequest.encode({ timeseries: [{ labels, samples }] }).finish();
}

function refusedWrite(address: string, answer: HttpAnswer): ForescaleError {
  const words = answer.text.trim().slice(0, 200);
  const refused = (remedy: string) =>
    new ForescaleError('source-rejected', `${address} refused the samples: ${words}; ${remedy}`);
  if (/out of order|out of bounds|too old|too far/i.test(words)) {
    return refused(
      'set storage.tsdb.out_of_order_time_window in its configuration to more than the history (such as 30d), and --storage.tsdb.retention.time longer still',
    );
  }
  if (/duplicate sample/i.test(words)) {
    return refused('it already has other values at these times; use another --metric or other --labels');
  }
  if (answer.status === 404 || /not enabled|needs to be enabled/i.test(words)) {
    return refused('start Prometheus with --web.enable-remote-write-receiver');
  }
  if (answer.status === 400) return refused('nothing more is known about the reason');
  return notTheApi(address, answer);
}
