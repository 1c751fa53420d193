/** SVG of a text at (`x`, `y`) with a CSS class. The text starts at that point unless `anchor` says otherwise. */
export function words(x: number, y: number, text: string, name = '', anchor = 'start'): string {
  const attributes = `${name === '' ? '' : ` class="${name}"`}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`;
  return `<text x="${tenths(x)}" y="${tenths(y)}"${attributes}>${escaped(text)}</text>`;
}

/** A text as XML and HTML have it between tags and in quotes. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** Coordinates are rounded to a tenth of a pixel, finer than a screen shows. */
export function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
