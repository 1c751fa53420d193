import type { RecordAnswer, RecordKey } from '../../forecast/index.ts';
import type { Answer } from '../instance.ts';
import type { DecisionsSchema } from '../schemas/decisions.ts';
import type { RecordedExplanationSchema } from '../schemas/recorded-explanation.ts';
import {
  boundPartWords,
  outcomeWords,
  recordedSummary,
  ruleWords,
  servedPartWords,
} from './recorded-words.ts';
import { boundParts, servedParts } from './served-parts.ts';
import { identityOf } from './workload-answers.ts';

type DecisionJson = Answer<typeof DecisionsSchema>['decisions'][number];
type Row = RecordAnswer['rows'][number];

/** Whose decisions they are, and what their demand is counted in where that is known. */
export type Recorded = RecordKey & { readonly unit: string | undefined };

/** Bytes of the decisions of one answer, below the largest answer that is sent. */
const mostBytes = 900_000;

/** Decisions of a span of time. What finds no room comes in the next answer. */
export function toDecisionsJson(
  workload: Recorded,
  answer: RecordAnswer,
  asked: { readonly from: number; readonly to: number; readonly stepSeconds: number | undefined },
): Answer<typeof DecisionsSchema> {
  const decisions: DecisionJson[] = [];
  let bytes = 0;
  for (const row of answer.rows) {
    const json = toDecisionJson(row);
    bytes += Buffer.byteLength(JSON.stringify(json));
    if (bytes > mostBytes) break;
    decisions.push(json);
  }
  return {
    ...identityOf(workload),
    from: asked.from,
    to: asked.to,
    stepSeconds: asked.stepSeconds ?? null,
    ...stateOf(answer),
    decisions,
    next: answer.rows[decisions.length]?.atSeconds ?? answer.nextSeconds ?? null,
  };
}

/** Why KEDA was told what it was told at a moment. */
export function toRecordedExplanation(
  workload: Recorded,
  answer: RecordAnswer,
  row: Row,
): Answer<typeof RecordedExplanationSchema> {
  const { decision, came } = row;
  const served = decision.kind === 'served' ? decision : undefined;
  return {
    ...identityOf(workload),
    ...stateOf(answer),
    summary: recordedSummary(row, workload.unit),
    rule: served === undefined ? null : ruleWords(served),
    recorded: toDecisionJson(row),
    parts: (served ? servedParts(served) : []).map((part) => ({
      ...part,
      meaning: servedPartWords[part.name],
    })),
    boundParts: (served ? boundParts(served) : []).map((part) => ({
      ...part,
      meaning: boundPartWords[part.name],
    })),
    outcome: (served && outcomeWords(served, came)) ?? null,
  };
}

function stateOf({ kept, warning, oldestSeconds }: RecordAnswer) {
  return { record: { kept, warning: warning ?? null, oldestAt: oldestSeconds ?? null } };
}

function toDecisionJson({ atSeconds, decision, precision, came }: Row): DecisionJson {
  const askedElsewhere = decision.elsewhere === true;
  const made = { at: atSeconds, madeAt: decision.atSeconds, precision, askedElsewhere };
  if (decision.kind === 'none') return { ...made, ...nothing, reasons: decision.reasons };
  return {
    ...made,
    status: 'served',
    signal: decision.signal,
    replicasAsked: Math.ceil(decision.signal / decision.threshold),
    basis: decision.basis,
    fresh: decision.fresh,
    active: decision.active,
    observed: decision.observed,
    expectedPeak: decision.expectedPeak ?? null,
    predictedPeak: decision.predictedPeak ?? null,
    wanted: decision.wanted,
    cap: decision.cap ?? null,
    askedLevel: decision.askedLevel,
    askedFactor: decision.askedFactor,
    margin: decision.margin,
    headroom: decision.headroom,
    trust: decision.trust ?? null,
    serviceLevel: decision.serviceLevel,
    windowSeconds: decision.windowSeconds,
    threshold: decision.threshold,
    hpaTolerance: decision.hpaTolerance,
    replicas: decision.replicas ?? null,
    dataAgeSeconds: decision.dataAgeSeconds ?? null,
    came: came ?? null,
    parts: Object.fromEntries(
      servedParts(decision)
        .filter(({ value }) => value !== 0)
        .map(({ name, value }) => [name, value]),
    ),
    experts: decision.experts,
    reasons: decision.fallbackReasons,
  };
}

const nothing = {
  status: 'unavailable',
  signal: null,
  replicasAsked: null,
  basis: null,
  fresh: false,
  active: null,
  observed: null,
  expectedPeak: null,
  predictedPeak: null,
  wanted: null,
  cap: null,
  askedLevel: null,
  askedFactor: null,
  margin: null,
  headroom: null,
  trust: null,
  serviceLevel: null,
  windowSeconds: null,
  threshold: null,
  hpaTolerance: null,
  replicas: null,
  dataAgeSeconds: null,
  came: null,
  parts: {},
  experts: [],
} as const satisfies Omit<DecisionJson, 'at' | 'madeAt' | 'precision' | 'askedElsewhere' | 'reasons'>;
