import { servedPartNames } from '../answers/served-parts.ts';
import type { Answer } from '../instance.ts';
import type { DecisionsSchema } from '../schemas/decisions.ts';
import type { Rows } from './written-rows.ts';

/** Fields that are columns of their own, under their own names. */
const plain = [
  'status',
  'signal',
  'replicasAsked',
  'basis',
  'fresh',
  'active',
  'observed',
  'expectedPeak',
  'predictedPeak',
  'came',
  'wanted',
  'cap',
  'askedLevel',
  'trust',
  'threshold',
  'hpaTolerance',
  'replicas',
  'windowSeconds',
  'madeAt',
  'askedElsewhere',
] as const;

/** Decisions as rows; the parts that add up to the signal are columns, and reasons are one text. */
export function decisionRows({ decisions, unit }: Answer<typeof DecisionsSchema>): Rows {
  return {
    columns: [...plain, ...servedPartNames.map((name) => `part ${name}`), 'reasons'],
    unit,
    rows: decisions.map(({ at, ...json }) => ({
      atSeconds: at,
      cells: [
        ...plain.map((name) => json[name]),
        ...servedPartNames.map((name) => (json.status === 'served' ? (json.parts[name] ?? 0) : null)),
        json.reasons.join('; '),
      ],
      json,
    })),
  };
}
