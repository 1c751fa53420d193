/** Numbers that are kept of the reasons of one decision; others stay in their text. */
export const mostNumbers = 4;
const mostReasons = 4;
const mostCharacters = 240;

/** Stands for a number of a template: a character for private use. */
const mark = '\uE000';
const separator = '\n';
/** A whole number that is written in one way only. */
const wholeNumber = /(?<!\d)(?:0|[1-9]\d{0,8})(?!\d)/g;

const none = { text: '', numbers: [] } as const;

/** Reasons as a text in which marks stand for the numbers, so that "no fresh observation for 31 s" is the same text each time. */
export function templateOf(reasons: readonly string[]): {
  readonly text: string;
  readonly numbers: readonly number[];
} {
  if (reasons.length === 0) return none;
  const numbers: number[] = [];
  const text = reasons
    .slice(0, mostReasons)
    .map((reason) =>
      reason.slice(0, mostCharacters).replaceAll(separator, ' ').replaceAll(mark, ' ').toWellFormed(),
    )
    .join(separator)
    .replaceAll(wholeNumber, (digits) => {
      if (numbers.length >= mostNumbers) return digits;
      numbers.push(Number(digits));
      return mark;
    });
  return { text, numbers };
}

/** How many numbers a template has. */
export function numbersIn(text: string): number {
  return text.split(mark).length - 1;
}

/** The reasons of a template with its numbers. */
export function reasonsOf(text: string, numbers: readonly number[]): readonly string[] {
  if (text === '') return [];
  let next = 0;
  return text.replaceAll(mark, () => String(numbers[next++] ?? 0)).split(separator);
}
