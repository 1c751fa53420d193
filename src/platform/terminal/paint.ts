import { styleText } from 'node:util';

/** Colours of a terminal, each with what it says: `red` is trouble, `yellow` a warning, `green` well, `dim` aside. */
export type Colour = 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold';
export type Paint = (colour: Colour, text: string) => string;

/**
 * Colours texts where a person watches, and leaves them as they are elsewhere, for NO_COLOR (https://no-color.org) and for a dumb
 * terminal.
 */
export function createPaint(isWatched: boolean, env: Readonly<Record<string, string | undefined>>): Paint {
  const isPlain = !isWatched || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  if (isPlain) return (_, text) => text;
  return (colour, text) => styleText(colour, text, { validateStream: false });
}
