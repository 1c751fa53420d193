/** `text` with what is between the markers of each table replaced. Throws where a marker is missing. */
export function withTables(text: string, tables: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [name, table] of tables) {
    const { from, to } = placeOf(result, name);
    result = `${result.slice(0, from)}\n${table}\n${result.slice(to)}`;
  }
  return result;
}

/** What is between the markers of each table. Throws where a marker is missing. */
export function tablesIn(text: string, names: readonly string[]): string {
  return names
    .map((name) => {
      const { from, to } = placeOf(text, name);
      return text.slice(from, to);
    })
    .join('\n');
}

function placeOf(text: string, name: string): { from: number; to: number } {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document has no ${begin.trim()} … ${end}`);
  return { from: from + begin.length, to };
}
