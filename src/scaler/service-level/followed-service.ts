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
  const unplayed = unplayedService(serviceLevel);
  const counter = createServedCounter();
  const follow = (): Play => {
    const followed = rule();
    const key = playKeyOf(followed);
    return { rule: followed, key, following: model.follow(key, () => playOfKey(key), isSettled) };
  };
  let newest = follow();
  let before: Play | undefined;

  /** The play that serves now, with what it has learned. */
  function playing() {
    const wanted = rule();
    // Nearly always it is the same object, and a key is a long text.
    if (wanted !== newest.rule && playKeyOf(wanted) !== newest.key) {
      before?.following.release();
      before = newest;
      newest = follow();
    }
    const ready = playOf(newest);
    if (ready === undefined) return before && playOf(before);
    before?.following.release();
    before = undefined;
    return ready;
  }

  function counting() {
    const play = playing();
    if (play !== undefined) counter.note(play.service, play.served.total());
    return play;
  }

  return {
    state: () => counting()?.state ?? unplayed,
    outcome() {
      const play = counting();
      return play && toOutcome({ ...play, counted: counter.counted() });
    },
    release() {
      before?.following.release();
      newest.following.release();
    },
  };
}

function playOf({ rule, following }: Play) {
  const service = following.current();
  const state = service?.state();
  const served = service?.served();
  return service && state && served && { rule, service, state, served };
}
