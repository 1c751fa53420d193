/** Longest text of a source that is passed on; a gRPC status must fit into a header. */
const longest = 1000;

/** A text that a source wrote, shortened; what is no text is not turned into one, because JSON may nest a million deep. */
export function wireText(value: unknown): string {
  if (typeof value !== 'string') return 'something that is no text';
  return value.length <= longest ? value : `${value.slice(0, longest)}…`;
}

/** The texts of a list that a source wrote; anything but a list is taken for its only entry, and nothing for none. */
export function wireTexts(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(wireText);
}

/** What a text is in JSON, undefined for a text that is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value is an object whose values are all texts, as labels and tags are. */
export function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}

/** The value as an object, to look for its keys; an empty one for anything else. */
export function wireObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
