import type { ServerResponse } from 'node:http';
import { type Answer, everyPoint, json } from '../../edges/history/prometheus/fake-api.ts';

type Echo = (response: ServerResponse, said: string) => void;

const failure = (errorType: string, error: string) => ({ status: 'error', errorType, error });
const vector = (result: unknown, more: object = {}) => ({
  status: 'success',
  data: { resultType: 'vector', result },
  ...more,
});

/** Answers of a source that repeats everything it was sent, by the first word of the query. */
const echoes: Record<string, Echo> = {
  error: (response, said) => json(response, failure('bad_data', said), 400),
  refused: (response, said) => json(response, failure('forbidden', said), 403),
  busy: (response, said) => json(response, failure('unavailable', said), 503),
  'gave-up': (response, said) => json(response, failure('timeout', said), 503),
  html: (response, said) => response.writeHead(200, { 'content-type': 'text/html' }).end(said),
  // The excerpt in a message ends in the middle of what was sent.
  cut: (response, said) => {
    const at = said.indexOf('S3CRET');
    response.writeHead(200, { 'content-type': 'text/html' }).end(`${'.'.repeat(74)}${said.slice(at)}`);
  },
  redirect: (response, said) =>
    response.writeHead(302, { location: `http://login/${encodeURIComponent(said)}` }).end(),
  relative: (response, said) => response.writeHead(302, { location: `/login/${encodeURI(said)}` }).end(),
  several: (response, said) =>
    json(response, vector(['a', 'b'].map((pod) => ({ metric: { pod, said }, value: [1, '1'] })))),
  text: (response, said) =>
    json(response, { status: 'success', data: { resultType: 'string', result: [1, said] } }),
  broken: (response, said) =>
    response.writeHead(200, { 'content-type': said.slice(0, 200) }).end(`{"${said}`),
};

/** What the source says that it was sent: headers, parameters and form. */
const saidOf = (request: Parameters<Answer>[0]) =>
  [
    ...Object.values(request.headers),
    ...new URL(request.url, 'http://x').searchParams.values(),
    ...request.form,
  ]
    .join(' ')
    .replaceAll(/[^\x20-\x7e]/g, ' ');

/** A source that answers well, with a warning that tells what it was sent, or as the query wants it. */
export const echoing: Answer = (request, response, count) => {
  const said = saidOf(request);
  const query = request.form.get('query') ?? '';
  const [way = ''] = query.split(' ');
  const echo = echoes[way];
  if (echo !== undefined) return echo(response, said);
  const warnings = way === 'warning' ? [said] : [];
  if (request.url.includes('/query_range')) {
    if (warnings.length === 0) return everyPoint(request, response, count);
    return json(response, { status: 'success', data: { resultType: 'matrix', result: [] }, warnings });
  }
  if (way === 'nothing') return json(response, vector([]));
  const time = Number(request.form.get('time'));
  return json(response, vector([{ metric: {}, value: [time, '30'] }], { warnings }));
};
