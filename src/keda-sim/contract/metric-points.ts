import type { ReportedValue } from '../../controllers/index.ts';
import type { ReportedSpec } from '../connection.ts';
import type { Examined } from './examined.ts';
import type { Asked } from './subject.ts';
import { fails, notApplicable, passes, type Verdict, verdictOf } from './verdict.ts';
import { faultOfValues, inMs, inWords, targetOf, totalOf } from './words.ts';

const specCalls = 10;
/** A specification that follows from the metadata alone takes no longer; asking a source does. */
const quickMs = 50;

/** Point 1: the specification comes at once, is the same every time, and has a target in both fields. */
export async function specFromMetadata({ subject }: Examined): Promise<Verdict> {
  const asked: Asked<readonly ReportedSpec[]>[] = [];
  for (let i = 0; i < specCalls; i++) asked.push(await subject.spec());
  const failed = asked.find(({ kind }) => kind === 'error');
  if (failed !== undefined) return fails(inWords('GetMetricSpec', failed));
  const answers = asked.map((one) => (one.kind === 'answer' ? one.answer : []));
  const [specs = []] = answers;
  // The first call may have to wait for the connection; a busy machine may delay others.
  const fastestMs = Math.min(...asked.map(({ ms }) => ms));
  const isSame = answers.every((answer) => JSON.stringify(answer) === JSON.stringify(specs));
  return verdictOf(
    [
      specs.length === 0 && 'GetMetricSpec answers without a metric, which KEDA takes for a failure',
      !isSame && `GetMetricSpec answers differently when asked ${specCalls} times`,
      ...specs.flatMap(faultsOfTarget),
      fastestMs > quickMs &&
        `the fastest of ${specCalls} answers took ${inMs(fastestMs)}, more than ${quickMs} ms`,
    ],
    `target ${targetOf(specs)}, the same ${specCalls} times, the fastest in ${inMs(fastestMs)}`,
  );
}

function faultsOfTarget({ metricName, targetSize, targetSizeFloat }: ReportedSpec): (string | false)[] {
  const [float, integer] = [Number(targetSizeFloat), Number(targetSize)];
  return [
    !(float > 0 && Number.isFinite(float)) &&
      `targetSizeFloat of ${metricName} is ${float}; it must be above 0`,
    !(integer >= 1) &&
      `targetSize of ${metricName} is ${integer}; KEDA up to 2.16 reads it and needs at least 1`,
  ];
}

/** Point 2: names that survive the external metrics API, and are accepted without KEDA's `s0-`. */
export async function metricNames({ subject, specs }: Examined): Promise<Verdict> {
  const names = specs.map(({ metricName }) => metricName ?? '');
  if (names.length === 0) return fails('GetMetricSpec names no metric');
  const refused: string[] = [];
  for (const name of names) {
    const asked = await subject.metrics(name);
    if (asked.kind === 'error') refused.push(`${name}: ${inWords('GetMetrics', asked)}`);
  }
  const odd = names.filter((name) => !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name));
  return verdictOf(
    [
      odd.length > 0 && `${odd.join(', ')}: a name needs lower-case letters, digits and "-"`,
      new Set(names).size < names.length && `${names.join(', ')}: KEDA refuses a name twice`,
      ...refused,
    ],
    names.join(', '),
  );
}

/** Point 3: one finite value that is not negative, and an integer beside it that means the same. */
export function oneValue({ specs, first }: Examined): Verdict {
  if (first.kind === 'error') return fails(inWords('GetMetrics', first));
  const [value] = first.answer;
  const fault = faultOfValues(first.answer);
  if (fault !== undefined || value === undefined) return fails(fault ?? 'no value');
  return verdictOf([faultOfInteger(specs[0], value)], `${value.metricValueFloat} and ${value.metricValue}`);
}

/** The integer is the rounded float, or has the ratio to the integer target that the float has to its target. */
function faultOfInteger(spec: ReportedSpec | undefined, value: ReportedValue): string | undefined {
  const [float, integer] = [Number(value.metricValueFloat), Number(value.metricValue)];
  if (integer >= Number.MAX_SAFE_INTEGER) return undefined;
  const scaled = (float * Number(spec?.targetSize)) / Number(spec?.targetSizeFloat);
  const isNear = [float, scaled].some((wanted) => Math.abs(wanted - integer) <= 1);
  return isNear
    ? undefined
    : `metricValueFloat is ${float} and metricValue ${integer}; one is not the other rounded`;
}

/** Point 8: zero is a value. */
export async function zeroIsZero({ subject, specs, first, zeroRef }: Examined): Promise<Verdict> {
  const asked = zeroRef === undefined ? first : await subject.metrics(specs[0]?.metricName ?? '', zeroRef);
  if (asked.kind === 'error')
    return fails(`${inWords('GetMetrics', asked)}${zeroRef === undefined ? '' : ' at zero'}`);
  const fault = faultOfValues(asked.answer);
  if (fault !== undefined) return fails(fault);
  const value = totalOf(asked.answer);
  if (value === 0) return passes('0 and 0');
  if (zeroRef !== undefined) return fails(`the value is ${value} with the metadata of --zero`);
  return notApplicable(`the value is ${value}; say with --zero key=value what makes it 0`);
}

/** Point 13: a KEDA up to 2.16 reads the integers alone, and must come to the same replicas. */
export function integersAlone({ specs, first }: Examined): Verdict {
  if (first.kind === 'error') return fails(inWords('GetMetrics', first));
  const [spec, value] = [specs[0], first.answer[0]];
  const target = Number(spec?.targetSize ?? 0);
  const total = Number(value?.metricValue ?? 0);
  if (!(target >= 1)) return fails(`targetSize is ${target}, and an HPA needs a target above 0`);
  if (!Number.isFinite(total) || total < 0) return fails(`metricValue is ${total}`);
  const old = Math.ceil(total / target);
  const now = Math.ceil(totalOf(first.answer) / targetOf([spec]));
  if (total >= Number.MAX_SAFE_INTEGER || Math.abs(old - now) <= 1)
    return passes(`${old} replicas by the integers, ${now} by the floats`);
  return fails(`the integers ask for ${old} replicas (${total} of ${target}), the floats for ${now}`);
}
