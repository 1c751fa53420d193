import type { DemandModel, Following, ServiceOutcome } from '../../forecast/index.ts';
import { toOutcome } from './outcome.ts';
import { playKeyOf, playOfKey } from './play-key.ts';
import { type PlayedService, type ServiceState, unplayedService } from './played-service.ts';
import { createServedCounter } from './served-counter.ts';
import type { ServiceRule } from './service-rule.ts';

/** The service of one trigger as its model learns. */
export interface FollowedService {
  /** What was learned from the past; the promised level itself before there is anything. */
  state(): ServiceState;
  /** What the decisions brought; undefined before there is anything. */
  outcome(): ServiceOutcome | undefined;
  release(): void;
}

/** A play of the past by one rule. */
interface Play {
  readonly rule: ServiceRule;
  readonly key: string;
  readonly following: Following<PlayedService>;
}

/**
 * Lets the service be played beside a model. `rule` is asked each time: where it has changed, as a learned lead time changes it, the
 * past is played again by the new one, and the old one serves until that is done. `isSettled` says whether all is known that the rule
 * is made of: one that is soon another is not played at once after a restart.
 */
export function followService(
  model: Pick<DemandModel, 'follow'>,
  serviceLevel: number,
  rule: () => ServiceRule,
  isSettled: () => boolean = () => true,
): FollowedService {
  return new ServiceBeside(model, serviceLevel, rule, isSettled);
}

/** A class, as StartingFleet of the controllers is. */
class ServiceBeside implements FollowedService {
  readonly #model: Pick<DemandModel, 'follow'>;
  readonly #serviceLevel: number;
  readonly #rule: () => ServiceRule;
  readonly #isSettled: () => boolean;
  readonly #counter = createServedCounter();
  #newest: Play;
  #before: Play | undefined;

  constructor(
    model: Pick<DemandModel, 'follow'>,
    serviceLevel: number,
    rule: () => ServiceRule,
    isSettled: () => boolean,
  ) {
    this.#model = model;
    this.#serviceLevel = serviceLevel;
    this.#rule = rule;
    this.#isSettled = isSettled;
    this.#newest = this.#follow();
  }

  state(): ServiceState {
    return this.#counting()?.state ?? unplayedService(this.#serviceLevel);
  }

  outcome(): ServiceOutcome | undefined {
    const play = this.#counting();
    return play && toOutcome({ ...play, counted: this.#counter.counted() });
  }

  release(): void {
    this.#before?.following.release();
    this.#newest.following.release();
  }

  #follow(): Play {
    const rule = this.#rule();
    const key = playKeyOf(rule);
    return { rule, key, following: this.#model.follow(key, () => playOfKey(key), this.#isSettled) };
  }

  /** The play that serves now, with what it has learned. */
  #playing() {
    const wanted = this.#rule();
    // Nearly always it is the same object, and a key is a long text.
    if (wanted !== this.#newest.rule && playKeyOf(wanted) !== this.#newest.key) {
      this.#before?.following.release();
      this.#before = this.#newest;
      this.#newest = this.#follow();
    }
    const ready = playOf(this.#newest);
    if (ready === undefined) return this.#before && playOf(this.#before);
    this.#before?.following.release();
    this.#before = undefined;
    return ready;
  }

  #counting() {
    const play = this.#playing();
    if (play !== undefined) this.#counter.note(play.service, play.served.total());
    return play;
  }
}

function playOf({ rule, following }: Play) {
  const service = following.current();
  const state = service?.state();
  const served = service?.served();
  return service && state && served && { rule, service, state, served };
}
