const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text as XML and HTML take it, in elements and in attributes. Control characters, which XML has no way to say, are
 * left out; by their code, because k6's engine knows no `\p{…}` and reads it as letters.
 */
export function escapeMarkup(text: string): string {
  return [...text]
    .filter(
      (character) => (character.codePointAt(0) ?? 0) >= 0x20 || character === '\t' || character === '\n',
    )
    .map((character) => entities[character] ?? character)
    .join('');
}
