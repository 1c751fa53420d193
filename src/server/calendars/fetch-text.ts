import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { CalendarText } from '../../forecast/index.ts';
import { createHttpConnection } from '../../history/http/http-connection.ts';
import type { Proxies } from '../../history/http/proxies.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { ServerFile } from '../config.ts';

export type ConfiguredCalendar = NonNullable<ServerFile['calendars']>[number];

/** Bytes of the largest file or answer. */
const mostBytes = 10 * 1024 * 1024;
const timeoutMs = 20_000;

/** What a calendar is read from. */
export interface TextSource {
  /** Where it is, without credentials, query and the path of a URL, which may be a secret. */
  readonly place: string;
  /**
   * What is there now; `unchanged` where the last text is known, as the caller says, and is still there. Rejects with an error that says
   * what is wrong.
   */
  read(signal: AbortSignal, knowsLast: boolean): Promise<CalendarText | 'unchanged'>;
  close(): Promise<void>;
}

/** The file or the URL of a calendar; undefined where it has neither. Throws `invalid-argument` for a URL that is none. */
export function textSource(
  { file, url, ...settings }: ConfiguredCalendar,
  proxies: Proxies | undefined,
): TextSource | undefined {
  if (file !== undefined) return withoutRepeats(fileSource(file));
  return url === undefined ? undefined : withoutRepeats(urlSource(url, settings, proxies));
}

/** A text that is read again is no news, whether or not a server says so. */
function withoutRepeats(source: TextSource): TextSource {
  let last = '';
  return {
    ...source,
    async read(signal, knowsLast) {
      const found = await source.read(signal, knowsLast);
      if (found === 'unchanged') return found;
      const digest = createHash('sha256').update(found.text).digest('hex');
      const isSame = knowsLast && digest === last;
      last = digest;
      return isSame ? 'unchanged' : found;
    },
  };
}

function fileSource(path: string): TextSource {
  return {
    place: path,
    async read() {
      const { size } = await stat(path);
      if (size > mostBytes)
        throw new ForescaleError('too-large', `${path} has ${size} bytes, and ${mostBytes} are read`);
      return { text: await readFile(path, 'utf8'), from: path };
    },
    close: async () => undefined,
  };
}

/** 5xx is a server in trouble; every other status but 200 refuses what was asked for. */
const codeOf = (status: number) => {
  if (status === 404 || status === 410) return 'not-found';
  return status >= 500 ? 'source-unreachable' : 'source-rejected';
};

function urlSource(
  url: string,
  settings: Omit<ConfiguredCalendar, 'file' | 'url'>,
  proxies: Proxies | undefined,
): TextSource {
  const { origin, pathname, search, username, password } = new URL(url);
  const userInfo = username === '' ? '' : `${username}:${password}@`;
  const connection = createHttpConnection(
    { ...settings, url: origin.replace('://', `://${userInfo}`) },
    { sockets: { instant: 1, range: 1 }, proxies },
  );
  let etag: string | undefined;
  return {
    place: origin,
    async read(signal, knowsLast) {
      const answer = await connection.send({
        method: 'GET',
        path: `${pathname}${search}`,
        headers: {
          accept: 'text/calendar, application/json;q=0.9, */*;q=0.5',
          ...(etag === undefined || !knowsLast ? {} : { 'if-none-match': etag }),
        },
        ...{ maxBytes: mostBytes, timeoutMs, signal },
      });
      if (answer.status === 304 && knowsLast) return 'unchanged';
      if (answer.status !== 200) {
        const to = answer.location === undefined ? '' : `; it leads elsewhere, and that is not followed`;
        throw new ForescaleError(codeOf(answer.status), `${origin} answers ${answer.status}${to}`);
      }
      etag = answer.etag;
      return { text: answer.text, from: pathname };
    },
    close: connection.close,
  };
}
