import { fieldsOf } from './records.ts';

/** Where several fit as well, the one that is least likely part of a name or a number comes first. */
const delimiters = ['\t', ';', '|', ','];
const comparedLines = 20;

/**
 * The delimiter that the header at `first` has outside quotes; of several the one by which most of the following lines have as many
 * fields as the header. Undefined where the header has none.
 */
export function delimiterOf(lines: readonly string[], first: number): string | undefined {
  const following = lines.slice(first, first + comparedLines).filter((line) => line.trim() !== '');
  // A quoted name may reach over several lines.
  const closed = following.findIndex((_, index) => quotesIn(following.slice(0, index + 1)) % 2 === 0);
  const compared = [following.slice(0, closed + 1).join('\n'), ...following.slice(closed + 1)];
  const likeness = (delimiter: string) => {
    const [header = 0, ...rows] = compared.map((line) => fieldsOf(line, delimiter)?.length ?? 0);
    return header < 2 ? 0 : 1 + rows.filter((fields) => fields === header).length;
  };
  const [best] = delimiters
    .map((delimiter) => ({ delimiter, like: likeness(delimiter) }))
    .sort((a, b) => b.like - a.like);
  return best === undefined || best.like === 0 ? undefined : best.delimiter;
}

const quotesIn = (lines: readonly string[]) => lines.join('').split('"').length - 1;
