import { ForescaleError } from '../../platform/errors.ts';
import type { Moments, Row } from './evaluation/row.ts';
import type { Labels } from './promql/matcher.ts';

/** A list that is written entry by entry, so that an answer which is too large is given up early. */
export interface ListWriter {
  add(entry: string): void;
  /** The entries as a JSON array. */
  text(): string;
}

/** Bytes for what is around the list. */
const frameBytes = 4096;

/** Creates a writer that throws `too-large` where the entries are more than the API sends. */
export function createListWriter(mostBytes: number): ListWriter {
  const entries: string[] = [];
  let bytes = frameBytes;
  return {
    add(entry) {
      bytes += Buffer.byteLength(entry) + 1;
      if (bytes > mostBytes) {
        throw new ForescaleError(
          'too-large',
          `the answer is larger than ${mostBytes} bytes; ask for fewer series, for example with max by (workload), a shorter range or a larger step`,
        );
      }
      entries.push(entry);
    },
    text: () => `[${entries.join()}]`,
  };
}

/** A good answer in Prometheus' shape around data that is JSON already. */
export function successText(data: string, warnings: readonly string[] = []): string {
  const after = warnings.length === 0 ? '' : `,"warnings":${JSON.stringify(warnings)}`;
  return `{"status":"success","data":${data}${after}}`;
}

/** Labels as a JSON object. */
export function labelsText(labels: Labels): string {
  const members = Array.from(labels, ([label, value]) => `${JSON.stringify(label)}:${JSON.stringify(value)}`);
  return `{${members.join()}}`;
}

/** A moment and a value as Prometheus writes them: seconds, and a number within quotes. */
export function sampleText(atMs: number, value: number): string {
  return `[${atMs / 1000},"${valueText(value)}"]`;
}

function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

/** One series of a vector. */
export function vectorEntry({ labels, values }: Row, atMs: number): string {
  return `{"metric":${labelsText(labels)},"value":${sampleText(atMs, values[0] ?? Number.NaN)}}`;
}

/** One series of a matrix; moments without a value are left out. */
export function matrixEntry({ labels, values }: Row, { fromMs, stepMs }: Moments): string {
  const samples: string[] = [];
  for (const [index, value] of values.entries()) {
    if (!Number.isNaN(value)) samples.push(sampleText(fromMs + index * stepMs, value));
  }
  return `{"metric":${labelsText(labels)},"values":[${samples.join()}]}`;
}
