import {
  type ClusterStanding,
  type Decision,
  type DemandModels,
  type EventFeed,
  type HeldModel,
  nothingObserved,
  quantised,
  type RecordedDecision,
  type ServiceOutcome,
  type WorkloadView,
} from '../forecast/index.ts';
import type { Clock } from '../platform/clock.ts';
import { type FieldError, ForescaleError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { ClusterFacts } from './cluster-facts/cluster-facts.ts';
import { clusterStanding } from './cluster-facts/cluster-standing.ts';
import type { FollowedWorkload } from './cluster-facts/followers.ts';
import type { KeptFacts } from './cluster-facts/kept-facts.ts';
import { createDecider, type Decider, type DeciderOptions } from './decision/decider.ts';
import type { ScalingPolicy, Situation } from './decision/policy.ts';
import type { ServedBefore } from './decision/served-before.ts';
import { modelRequest } from './model-request.ts';
import { createGlimpses, servedDecision } from './record/recorded-decision.ts';
import { type FollowedService, followService } from './service-level/followed-service.ts';
import type { ServiceState } from './service-level/played-service.ts';
import { createStateLog, type StateLog } from './state-log.ts';
import type { ParsedTrigger, TriggerSettings } from './trigger-metadata.ts';
import { createWorkloadRules, keptReplicas, type WorkloadDefaults } from './workload-rules.ts';
import { workloadWarnings } from './workload-warnings.ts';

/** What every workload of a server needs. */
export interface WorkloadParts {
  readonly defaults: WorkloadDefaults;
  readonly models: Pick<DemandModels, 'hold' | 'close'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** The kill switch: true makes every signal reactive at once. */
  readonly isForcedReactive: () => boolean;
  /** What calendars say; undefined = there are none. */
  readonly calendars?: WorkloadCalendars | undefined;
  /** What is known of the cluster; undefined = nothing is asked. */
  readonly cluster?: Pick<ClusterFacts, 'follow'> | undefined;
}

/** The calendars of workloads. */
export interface WorkloadCalendars {
  /** The events of a workload, by its name and by the calendars that its trigger names. */
  feedOf(workload: {
    readonly namespace: string;
    readonly name: string;
    readonly calendars: readonly string[];
  }): EventFeed;
  /** Those of the names that no calendar has. */
  unknown(names: readonly string[]): readonly string[];
  readonly names: readonly string[];
}

interface WorkloadOptions extends ParsedTrigger {
  readonly parts: WorkloadParts;
  readonly namespace: string;
  readonly name: string;
  readonly trigger: string;
  /** Which replica KEDA asked last. */
  readonly asked?: { newest(): ReturnType<WorkloadView['asked']> };
  /** What was served for it before a restart or an edit; undefined = nothing, or it is not known. */
  readonly before?: ServedBefore | undefined;
  /** What the cluster said of it before a restart; undefined = nothing, or it is not known. */
  readonly keptFacts?: KeptFacts | undefined;
  /** Takes each decision that is made, and each time from which nothing is served. */
  readonly note?: ((decision: RecordedDecision) => void) | undefined;
}

/** One trigger of one ScaledObject: its settings, its model, and the decision served. */
export interface Workload extends WorkloadView, Omit<HeldModel, 'model'> {
  /** Called after each new decision until the returned function is. */
  onDecision(listener: (decision: Decision) => void): () => void;
  /** The last value that was good, for after a restart; undefined before the first. */
  lastGood(): ServedBefore | undefined;
  /** What the cluster says of it, for after a restart. */
  keptFacts(): KeptFacts | undefined;
}

/** Opens a workload: its model refreshes in the background and every refresh makes a new decision. */
export function createWorkload(options: WorkloadOptions): Workload {
  return new OpenWorkload(options);
}

/** A class, because a server has one for each of ten thousand triggers: its methods are there once. */
class OpenWorkload implements Workload, DeciderOptions {
  readonly namespace: string;
  readonly name: string;
  readonly trigger: string;
  readonly warnings: readonly FieldError[];
  readonly before: ServedBefore | undefined;
  readonly #parts: WorkloadParts;
  readonly #settings: TriggerSettings;
  readonly #asked: WorkloadOptions['asked'];
  readonly #note: WorkloadOptions['note'];
  readonly #states: StateLog;
  readonly #facts: FollowedWorkload | undefined;
  readonly #held: HeldModel;
  readonly #rulesOf: ReturnType<typeof createWorkloadRules>;
  readonly #service: FollowedService;
  readonly #decider: Decider;
  readonly #glimpse: ReturnType<typeof createGlimpses>;
  #hasNoteFailed = false;
  /** Undefined before anybody listens. */
  #listeners: Set<(decision: Decision) => void> | undefined;

  constructor({ parts, ...options }: WorkloadOptions) {
    const { namespace, name, trigger, settings } = options;
    this.namespace = namespace;
    this.name = name;
    this.trigger = trigger;
    this.before = options.before;
    this.#parts = parts;
    this.#settings = settings;
    this.#asked = options.asked;
    this.#note = options.note;
    this.#states = createStateLog(parts.log, options);
    const decide = () => this.#decide();
    this.#facts = parts.cluster?.follow(namespace, name, decide, options.keptFacts);
    const feed = parts.calendars?.feedOf({ namespace, name, calendars: settings.calendars });
    this.#held = parts.models.hold(modelRequest(namespace, settings), decide, feed);
    this.#glimpse = createGlimpses(this.model);
    this.#rulesOf = createWorkloadRules({ settings, defaults: parts.defaults }, this.model);
    this.#service = followService(
      this.model,
      settings.serviceLevel,
      () => this.#rulesAt(quantised(this.clock(), this.quantumSeconds)).service,
      () => this.#facts?.isKnown(this.clock()) ?? true,
    );
    this.warnings = workloadWarnings(options, parts, this.model.queryWarnings);
    this.#decider = createDecider(this);
    // The model may be shared and warm already.
    this.#decider.update();
  }

  get mode() {
    return this.#settings.mode;
  }

  get threshold(): number {
    return this.#settings.threshold;
  }

  get unit(): string | undefined {
    return this.#settings.concealed.includes('unit') ? undefined : this.#settings.unit;
  }

  get activationThreshold(): number {
    return this.#settings.activationThreshold;
  }

  get horizonSeconds(): number {
    return this.#settings.horizonSeconds;
  }

  get model() {
    return this.#held.model;
  }

  get firstObserved(): Promise<void> {
    return this.#held.firstObserved;
  }

  get firstHistory(): Promise<void> {
    return this.#held.firstHistory;
  }

  release(): void {
    this.#facts?.release();
    this.#service.release();
    this.#held.release();
  }

  decision(): Decision | undefined {
    return this.#decider.decision();
  }

  lastGood(): ServedBefore | undefined {
    return this.#decider.lastGood();
  }

  keptFacts(): KeptFacts | undefined {
    return this.#facts?.kept();
  }

  outcome(): ServiceOutcome | undefined {
    return this.#service.outcome();
  }

  asked(): ReturnType<WorkloadView['asked']> {
    return this.#asked?.newest();
  }

  cluster(): ClusterStanding {
    return this.#clusterAt(this.clock());
  }

  onDecision(listener: (decision: Decision) => void): () => void {
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
    return () => this.#listeners?.delete(listener);
  }

  get quantumSeconds(): number {
    return this.#parts.defaults.lags.refreshIntervalSeconds;
  }

  clock(): number {
    return this.#parts.clock();
  }

  isForcedReactive(): boolean {
    return this.#parts.isForcedReactive();
  }

  policyAt(nowSeconds: number): ScalingPolicy {
    return this.#rulesAt(nowSeconds).policy;
  }

  replicasAt(nowSeconds: number): number | undefined {
    return keptReplicas(this.#clusterAt(nowSeconds));
  }

  service(): ServiceState {
    return this.#service.state();
  }

  hasFailed(): boolean {
    return this.model.health().lastError !== undefined;
  }

  /**
   * Hands on each decision with what it was made from. Whatever fails here is logged, once for each workload: no decision is lost because
   * it cannot be put on record.
   */
  onDecided(decision: Decision | undefined, situation: Situation, policy: ScalingPolicy): void {
    const note = this.#note;
    if (note === undefined) return;
    try {
      if (decision !== undefined) {
        note(servedDecision(decision, situation, policy, this.#glimpse(decision)));
        return;
      }
      const reason = this.model.health().lastError?.message ?? nothingObserved;
      note({ kind: 'none', atSeconds: this.clock(), reasons: [reason] });
    } catch (error) {
      const { namespace, name } = this;
      const said = { namespace, name, error: String(error) };
      if (!this.#hasNoteFailed) this.#parts.log.error(said, 'decisions-not-recorded');
      this.#hasNoteFailed = true;
    }
  }

  onForecast(error: unknown): void {
    this.#states.noteForecast(error);
  }

  #decide(): void {
    const decision = this.#decider.update();
    const mode = this.isForcedReactive() ? 'reactive' : this.mode;
    this.#states.note(decision, mode, this.model.health());
    this.#states.noteLeadTime(this.cluster().leadTime);
    if (decision === undefined) return;
    for (const listener of this.#listeners ?? []) listener(decision);
  }

  #clusterAt(nowSeconds: number): ClusterStanding {
    const facts = this.#facts?.at(nowSeconds);
    return clusterStanding(this.#settings, this.#parts.defaults, facts, nowSeconds);
  }

  #rulesAt(nowSeconds: number): ReturnType<ReturnType<typeof createWorkloadRules>> {
    return this.#rulesOf(this.#clusterAt(nowSeconds));
  }
}

/** The decision for one workload now, or the error KEDA must see instead of a value. */
export function decisionOrError(workload: WorkloadView): Decision {
  const decision = workload.decision();
  if (decision !== undefined) return decision;
  const { lastError, lastSuccessSeconds } = workload.model.health();
  const what = `${workload.namespace}/${workload.name}`;
  if (lastSuccessSeconds !== undefined) {
    const cause = lastError === undefined ? '' : `; ${lastError.code}: ${lastError.message}`;
    throw new ForescaleError('stale', `${what}: the last observation is older than allowed${cause}`);
  }
  if (lastError === undefined)
    throw new ForescaleError(
      'no-data',
      `${what}: nothing observed yet; ${workload.model.source} has not answered the first query; check that it can be reached and is not busy with slow ones`,
    );
  throw new ForescaleError(lastError.code, `${what}: nothing observed yet; ${lastError.message}`);
}
