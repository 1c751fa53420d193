/** What a point of the contract came to, and what was seen that says so. */
export interface Verdict {
  readonly verdict: 'passes' | 'fails' | 'not-applicable';
  readonly seen: string;
}

export const passes = (seen: string): Verdict => ({ verdict: 'passes', seen });
export const fails = (seen: string): Verdict => ({ verdict: 'fails', seen });
export const notApplicable = (seen: string): Verdict => ({ verdict: 'not-applicable', seen });

/** Fails with the first fault, and passes with `seen` where there is none. */
export function verdictOf(faults: readonly (string | false | undefined)[], seen: string): Verdict {
  const found = faults.filter((fault) => typeof fault === 'string');
  return found.length > 0 ? fails(found.join('; ')) : passes(seen);
}
