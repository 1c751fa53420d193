import { type FieldError, ForescaleError } from '../../platform/errors.ts';
import { closestName } from '../../platform/schema/closest-name.ts';
import { parseWithSchema } from '../../platform/schema/schema-errors.ts';
import { faultPresets, presetNames } from './fault-presets.ts';
import {
  defaultFaultSeconds,
  type FaultName,
  FaultOrderSchema,
  type Faults,
  faultNames,
} from './fault-schemas.ts';

/** Faults to start, and how long they last. */
export interface FaultOrder {
  readonly faults: Faults;
  readonly durationSeconds: number;
}

/** The order in a request body, its preset's faults included. Throws `invalid-argument` naming the fields that are wrong. */
export function readFaultOrder(body: unknown): FaultOrder {
  const order = parseWithSchema('request body', FaultOrderSchema, body ?? {});
  const { preset, durationSeconds = defaultFaultSeconds } = order;
  const presetFaults = preset === undefined ? {} : faultPresets[known('preset', preset, presetNames)].faults;
  const faults: Faults = { ...presetFaults, ...order.faults };
  if (Object.keys(faults).length > 0) return { faults, durationSeconds };
  const message = 'nothing is ordered: give faults or a preset, as JSON; DELETE ends them';
  throw refusal({ field: 'faults', message });
}

/** A fault's name out of a path. Throws `invalid-argument` naming those there are. */
export function readFaultName(name: string): FaultName {
  return known('fault', name, faultNames);
}

function known<Name extends string>(field: string, value: string, names: readonly Name[]): Name {
  const found = names.find((one) => one === value);
  if (found !== undefined) return found;
  const near = closestName(value, names);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  const message = `${field}: ${JSON.stringify(value)} must be one of ${names.join(', ')}${hint}`;
  throw refusal({ field, message, value });
}

function refusal(fieldError: FieldError): ForescaleError {
  return new ForescaleError('invalid-argument', fieldError.message, { fieldErrors: [fieldError] });
}
