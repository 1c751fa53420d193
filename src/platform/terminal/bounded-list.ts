/** The first sentences of a list for people, and how many more there are. */
export function boundedList(sentences: readonly string[], most: number): readonly string[] {
  const more = sentences.length - most;
  return more > 0 ? [...sentences.slice(0, most), `and ${more} more`] : sentences;
}
