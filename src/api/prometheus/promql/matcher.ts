/** Labels by name. A label that is not there is the empty text. */
export type Labels = ReadonlyMap<string, string>;

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** What a selector asks of one label. */
export interface Matcher {
  readonly label: string;
  readonly operator: MatchOperator;
  matches(value: string): boolean;
  /** The values that `=` or `=~` write out; a matcher of either kind may match others, or none of them. */
  readonly named: readonly string[];
}

/** Whether the labels are what every matcher asks for. */
export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every(({ label, matches }) => matches(labels.get(label) ?? ''));
}
