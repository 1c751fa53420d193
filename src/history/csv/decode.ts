import { ForescaleError } from '../../platform/errors.ts';

/** First bytes of files that people take for text, and what they are. */
const otherFiles: readonly (readonly [bytes: string, what: string])[] = [
  ['504b0304', 'an Excel workbook (.xlsx) or another zip file; save it as "CSV UTF-8"'],
  ['d0cf11e0', 'an old Excel workbook (.xls); save it as "CSV UTF-8"'],
  ['1f8b', 'compressed with gzip; decompress it first: gunzip -c FILE | forescale … --csv -'],
  ['28b52ffd', 'compressed with zstd; decompress it first: zstd -dc FILE | forescale … --csv -'],
  ['25504446', 'a PDF document; export the numbers as CSV'],
];

/**
 * The text of a file: UTF-8, or UTF-16 where a byte order mark says so. What is neither is read as Windows-1252, which spreadsheets
 * write and whose digits are the same. Throws `invalid-csv` for a file that is no text, and names what it looks like.
 */
export function decode(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  if (start.startsWith('fffe')) return new TextDecoder('utf-16le').decode(bytes);
  if (start.startsWith('feff')) return new TextDecoder('utf-16be').decode(bytes);
  const other = otherFiles.find(([signature]) => start.startsWith(signature));
  if (other !== undefined) throw new ForescaleError('invalid-csv', `this is ${other[1]}`);
  if (bytes.subarray(0, 4096).includes(0)) {
    throw new ForescaleError(
      'invalid-csv',
      'this is no text: it has zero bytes; save it as CSV in UTF-8, or in UTF-16 with a byte order mark',
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
