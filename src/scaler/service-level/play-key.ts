import { createPlayedService, type PlayedService } from './played-service.ts';
import type { ServiceRule } from './service-rule.ts';

/** Plays of the same rule have the same key; it says the whole rule, so that another thread can play by it. */
export function playKeyOf(rule: ServiceRule): string {
  return JSON.stringify(rule);
}

/** A play that has seen nothing, by the rule that a key says. */
export function playOfKey(key: string): PlayedService {
  return createPlayedService(JSON.parse(key) as ServiceRule);
}
