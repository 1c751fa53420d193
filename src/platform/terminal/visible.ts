/** Characters that a terminal obeys or does not show: with them a text could clear the screen, or look like another one. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Those that lay out a text of several lines, as a query may be. */
const layout = ['\n', '\t'];

/** A text with each invisible character written out, such as `\u{1b}`. */
export function visible(text: string): string {
  return text.replaceAll(invisible, escaped);
}

/** As {@link visible}, but a text of several lines stays one. */
export function visibleLines(text: string): string {
  return text.replaceAll(invisible, (character) =>
    layout.includes(character) ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
