import { createPlayedService, type PlayedService } from './played-service.ts';
import type { ServiceRule } from './service-rule.ts';

/** Rules that are known by their keys; with one more all are made anew when they are asked for. */
const mostRules = 1_000;
const rules = new Map<string, { readonly key: string; readonly rule: ServiceRule }>();

/** Plays of the same rule have the same key; it says the whole rule, so that another thread can play by it. */
export function playKeyOf(rule: ServiceRule): string {
  return known(JSON.stringify(rule)).key;
}

/** A play that has seen nothing, by the rule that a key says. */
export function playOfKey(key: string): PlayedService {
  return createPlayedService(known(key).rule);
}

/** Thousands of workloads are played by the same rule, which is kept once, and so is its key. */
function known(key: string) {
  const found = rules.get(key);
  if (found !== undefined) return found;
  if (rules.size >= mostRules) rules.clear();
  const one = { key, rule: JSON.parse(key) as ServiceRule };
  rules.set(key, one);
  return one;
}
