const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Escapes a text for elements and attributes of XML and HTML. Control characters, which XML cannot express, are left out. They
 * are matched by their codes, because k6's engine does not support `\p{…}` and reads it as letters.
 */
export function escapeMarkup(text: string): string {
  return [...text]
    .filter(
      (character) => (character.codePointAt(0) ?? 0) >= 0x20 || character === '\t' || character === '\n',
    )
    .map((character) => entities[character] ?? character)
    .join('');
}
