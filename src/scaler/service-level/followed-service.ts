import type { DemandModel, Following } from '../../forecast/index.ts';
import {
  createPlayedService,
  type PlayedService,
  type ServiceState,
  unplayedService,
} from './played-service.ts';
import type { ServiceRule } from './service-rule.ts';

/** The service of one trigger as its model learns. */
export interface FollowedService {
  /** What was learned from the past; the promised level itself before there is anything. */
  state(): ServiceState;
  release(): void;
}

/**
 * Lets the service be played beside a model. `rule` is asked each time: where it has changed, as a learned lead time changes it, the
 * past is played again by the new one, and the old one serves until that is done.
 */
export function followService(
  model: Pick<DemandModel, 'follow'>,
  serviceLevel: number,
  rule: () => ServiceRule,
): FollowedService {
  const unplayed = unplayedService(serviceLevel);
  const follow = () => {
    const followed = rule();
    const key = JSON.stringify(followed);
    return { key, following: model.follow(key, () => createPlayedService(followed)) };
  };
  let newest = follow();
  let before: Following<PlayedService> | undefined;

  return {
    state() {
      if (JSON.stringify(rule()) !== newest.key) {
        before?.release();
        before = newest.following;
        newest = follow();
      }
      const current = newest.following.current()?.state();
      if (current === undefined) return before?.current()?.state() ?? unplayed;
      before?.release();
      before = undefined;
      return current;
    },
    release() {
      before?.release();
      newest.following.release();
    },
  };
}
