/** A table with a title and sentences above it, for the terminal, Markdown and JSON alike. */
export interface Section {
  readonly title: string;
  readonly notes: readonly string[];
  /** The first row is the heading. */
  readonly rows: readonly (readonly string[])[];
}

export function ratio(value: number | undefined, digits = 2): string {
  return value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(digits);
}

export function share(value: number | undefined, digits = 1): string {
  return value === undefined || !Number.isFinite(value) ? '–' : `${(100 * value).toFixed(digits)}%`;
}

export function horizonLabel(seconds: number): string {
  return seconds < 3600 ? `${seconds / 60}m` : `${seconds / 3600}h`;
}
