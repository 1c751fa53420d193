/** How an answer with rows is written. */
export type RowFormat = 'json' | 'csv' | 'ndjson';

/** Types that are written, and the format that each stands for. */
const formats: Readonly<Record<string, RowFormat>> = {
  'application/json': 'json',
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
};

/** Media types of the OpenAPI document. */
export const rowTypes = ['application/json', 'text/csv', 'application/x-ndjson'];

export const contentTypes = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const satisfies Record<RowFormat, string>;

/** Most types of a header that are looked at. */
const mostTypes = 20;

/** The format that a client wants most by its Accept header, of equal ones the first; JSON where it names none of ours. */
export function formatOf(accept: string | undefined): RowFormat {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return 'json';
  let wanted: RowFormat = 'json';
  let best = 0;
  for (const part of accept.split(',', mostTypes)) {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const format = formats[type];
    const weight = weightOf(parameters);
    if (format !== undefined && weight > best) {
      wanted = format;
      best = weight;
    }
  }
  return wanted;
}

function weightOf(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const weight = q === undefined ? 1 : Number(q);
  return weight >= 0 && weight <= 1 ? weight : 0;
}
