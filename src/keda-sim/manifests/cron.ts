import { type CronExpression, parseCronExpression } from '../../controllers/index.ts';
import { timeZone } from '../../platform/time-zone.ts';
import type { ZonedCronTrigger } from './autoscaler-manifest.ts';
import type { ManifestReader, Mapping } from './manifest-reader.ts';

/** A trigger of KEDA's cron scaler, all of whose keys are required. */
export function readCron(read: ManifestReader, trigger: Mapping, path: string): ZonedCronTrigger | undefined {
  const metadata = read.mapping(trigger['metadata'], `${path}.metadata`);
  const start = readExpression(read, metadata['start'], `${path}.metadata.start`);
  const end = readExpression(read, metadata['end'], `${path}.metadata.end`);
  const zone = readTimeZone(read, metadata['timezone'], `${path}.metadata.timezone`);
  const desired = metadata['desiredReplicas'];
  const desiredReplicas =
    typeof desired === 'string' && /^\d+$/.test(desired)
      ? Number(desired)
      : read.wrong(`${path}.metadata.desiredReplicas`, desired, 'it must be a whole number in quotes');
  if (start === undefined || end === undefined || zone === undefined || desiredReplicas === undefined)
    return undefined;
  return { start, end, timeZone: zone, desiredReplicas };
}

function readExpression(read: ManifestReader, value: unknown, path: string): CronExpression | undefined {
  const expression = typeof value === 'string' ? parseCronExpression(value) : undefined;
  return (
    expression ?? read.wrong(path, value, 'it must be a cron expression of five fields, such as 30 7 * * 1-5')
  );
}

function readTimeZone(read: ManifestReader, value: unknown, path: string): string | undefined {
  const name = typeof value === 'string' ? timeZone.parse(value) : undefined;
  return name ?? read.wrong(path, value, `it must be ${timeZone.allowed}`);
}
