import { closestName } from '../../platform/closest-name.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { faultPresets, isPresetName } from './fault-presets.ts';
import {
  defaultFaultSeconds,
  type FaultName,
  type FaultOrder,
  type Faults,
  faultNames,
} from './fault-schemas.ts';

/** The faults an order asks for, its preset's included. Throws `invalid-argument` naming the field that is wrong. */
export function readFaultOrder({ preset, faults, durationSeconds = defaultFaultSeconds }: FaultOrder) {
  const ordered: Faults = { ...presetFaults(preset), ...faults };
  if (Object.keys(ordered).length > 0) return { ordered, durationSeconds };
  throw refusal('faults', 'nothing is ordered: give faults or a preset, as JSON; DELETE ends them');
}

/** A fault's name out of a path. Throws `invalid-argument` naming those there are. */
export function readFaultName(name: string): FaultName {
  const found = faultNames.find((one) => one === name);
  if (found !== undefined) return found;
  throw refusal('fault', mustBe('fault', name, faultNames), name);
}

function presetFaults(name: string | undefined): Faults {
  if (name === undefined) return {};
  if (isPresetName(name)) return faultPresets[name].faults;
  throw refusal('preset', mustBe('preset', name, Object.keys(faultPresets)), name);
}

function mustBe(field: string, name: string, known: readonly string[]): string {
  const near = closestName(name, known);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return `${field}: ${JSON.stringify(name)} must be one of ${known.join(', ')}${hint}`;
}

function refusal(field: string, message: string, value?: string): ForescaleError {
  const fieldError = { field, message, ...(value === undefined ? {} : { value }) };
  return new ForescaleError('invalid-argument', message, { fieldErrors: [fieldError] });
}
