import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Examined } from './examined.ts';
import { points } from './points.ts';
import { connectSubject, type Subject, type SubjectOptions } from './subject.ts';
import type { Verdict } from './verdict.ts';

export interface ExaminedPoint extends Verdict {
  readonly number: number;
  readonly name: string;
}

interface ExamineOptions extends SubjectOptions {
  /** Keys of the metadata that make the value 0, where the user knows them. */
  readonly zero: Readonly<Record<string, string>> | undefined;
  /** Called with each point as it is judged. */
  readonly onPoint?: (point: ExaminedPoint) => void;
}

/** Nothing listens on the discard port. */
const unreachable = 'http://127.0.0.1:9';
const addressKeys = ['prometheusAddress', 'serverAddress'];

/** Judges a scaler by every point of KEDA's contract, in the order of their numbers. Rejects where it cannot be reached. */
export async function examineScaler(options: ExamineOptions): Promise<readonly ExaminedPoint[]> {
  const subject = await connectSubject(options);
  const others = await connectOthers(options);
  try {
    const examined = await lookAt(options, subject, others);
    const judged: ExaminedPoint[] = [];
    for (const { number, name, judge } of points) {
      const point = { number, name, ...(await judge(examined)) };
      options.onPoint?.(point);
      judged.push(point);
    }
    return judged.toSorted((a, b) => a.number - b.number);
  } finally {
    for (const one of [subject, ...others]) one.close();
  }
}

async function lookAt(
  options: ExamineOptions,
  subject: Subject,
  others: readonly Subject[],
): Promise<Examined> {
  const { zero, ref } = options;
  const asked = await subject.spec();
  const specs = asked.kind === 'answer' ? asked.answer : [];
  const metadata = ref.scalerMetadata ?? {};
  const addressKey = addressKeys.find((key) => metadata[key] !== undefined);
  const withKeys = (more: Readonly<Record<string, string>>) => ({
    ...ref,
    scalerMetadata: { ...metadata, ...more },
  });
  return {
    options,
    subject,
    others,
    specs,
    first: await subject.metrics(specs[0]?.metricName ?? ''),
    zeroRef: zero === undefined ? undefined : withKeys(zero),
    brokenRef: addressKey === undefined ? undefined : withKeys({ [addressKey]: unreachable }),
  };
}

/** Connections to every further address that the scaler's name has, as those of a headless Service. */
async function connectOthers({ address, ref, certificates }: SubjectOptions): Promise<readonly Subject[]> {
  const host = address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 || host === 'localhost') return [];
  const found = await lookup(host, { all: true }).catch(() => []);
  const port = address.slice(address.lastIndexOf(':'));
  const [, ...further] = found.map(({ address: ip, family }) =>
    family === 6 ? `[${ip}]${port}` : `${ip}${port}`,
  );
  return Promise.all(further.map((one) => connectSubject({ address: one, ref, certificates, host })));
}
