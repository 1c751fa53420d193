import { ForescaleError } from '../../platform/errors.ts';
import type { HttpAnswer } from './http-connection.ts';

/** A shorter text is no secret, and would be found in words that have nothing to do with it. */
const leastCharacters = 6;
const schemes = ['basic', 'bearer', 'digest', 'token'];

/** Every form in which a source could repeat a header or parameter that it was sent, the longest first. */
export function secretsIn(values: readonly string[]): string[] {
  const words = values.flatMap((value) => [value, ...value.split(/\s+/), ...passwordsIn(value)]);
  const secrets = words.filter(
    (word) => word.length >= leastCharacters && !schemes.includes(word.toLowerCase()),
  );
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** The password of a basic authorization header. */
function passwordsIn(authorization: string): string[] {
  const encoded = /^basic (\S+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return [];
  const userInfo = Buffer.from(encoded, 'base64').toString('utf8');
  return [userInfo.slice(userInfo.indexOf(':') + 1)];
}

/** An answer without the secrets that its source was sent. */
export function withoutSecrets(answer: HttpAnswer, secrets: readonly string[]): HttpAnswer {
  const conceal = (part: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), part);
  const { text, contentType, location } = answer;
  return {
    ...answer,
    text: conceal(text),
    contentType: conceal(contentType),
    location: location === undefined ? undefined : conceal(location),
  };
}

/** The words for people in what was read from an answer. */
interface Words {
  readonly series?: string | undefined;
  readonly warnings?: readonly string[];
}

/**
 * Reads an answer so that neither an error nor a warning repeats a secret that the source was sent: many servers and proxies repeat
 * the request in their errors. The words are read from a text without secrets, because they are shortened, and half a secret could
 * not be found any more. The numbers are read from the answer as it is.
 */
export async function readConcealed<T extends object>(
  answer: HttpAnswer,
  secrets: readonly string[],
  read: (answer: HttpAnswer) => T | Promise<T>,
): Promise<T> {
  const { text, contentType, location = '' } = answer;
  const isRepeated = [text, contentType, location].some((part) =>
    secrets.some((secret) => part.includes(secret)),
  );
  if (!isRepeated) return read(answer);

  const attempt = async (from: HttpAnswer) => read(from);
  const concealed = withoutSecrets(answer, secrets);
  const rows = await attempt(answer).catch(() => undefined);
  if (rows === undefined) {
    await read(concealed);
    const message = 'the source repeats a secret that it was sent, in an answer that cannot be read';
    throw new ForescaleError('source-nonsense', message);
  }
  if (!('warnings' in rows)) return rows;
  const { series, warnings = [] }: Words = await attempt(concealed).catch(() => ({}));
  return { ...rows, series, warnings };
}
