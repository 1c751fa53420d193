import { rename } from 'node:fs/promises';

/**
 * Puts a file aside that cannot be read, so that the next save does not take the place of what may be mended by hand. Gives the fields
 * for the log; where it cannot be put aside either, it stays.
 */
export async function putAside(path: string, error: unknown): Promise<Readonly<Record<string, string>>> {
  const asidePath = `${path}.unreadable`;
  const failure = await rename(path, asidePath).then(() => undefined, String);
  return { path, error: String(error), ...(failure === undefined ? { asidePath } : { failure }) };
}
