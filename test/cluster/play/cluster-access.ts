import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { startServerProcess } from '../../../tools/programs/server-process.ts';
import { installedPath } from '../../real/real-programs.ts';

/** The API of a cluster, by `kubectl proxy`, which knows its credentials: a call is a request and no new process. */
export interface ClusterAccess {
  readonly url: string;
  /** Asks for JSON. Rejects with what the server says where its status is 400 or more. */
  get<T>(path: string): Promise<T>;
  text(path: string): Promise<string>;
  /** Posts JSON, and gives the status with what was answered. */
  post(path: string, body: object): Promise<{ readonly status: number; readonly body: string }>;
  /** Calls back for each object of a list, and for each change of one, until the signal aborts. */
  watch<T extends Named>(
    path: string,
    onChange: (change: Change<T>) => void,
    signal: AbortSignal,
  ): Promise<void>;
  stop(): Promise<void>;
}

interface Named {
  readonly metadata: { readonly name: string };
}

interface Change<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: T;
}

const retrySeconds = 0.5;

export async function openClusterAccess(kubeconfig: string): Promise<ClusterAccess> {
  const proxy = await startServerProcess({
    name: 'kubectl proxy',
    path: await installedPath('kubectl'),
    readyPath: '/readyz',
    args: (port) => [`--kubeconfig=${kubeconfig}`, 'proxy', '--address=127.0.0.1', `--port=${port}`],
  });
  async function text(path: string): Promise<string> {
    const answer = await request(`${proxy.url}${path}`);
    const said = await answer.body.text();
    if (answer.statusCode >= 400) throw new Error(`GET ${path}: ${answer.statusCode} ${said.slice(0, 500)}`);
    return said;
  }
  const get = async <T>(path: string) => JSON.parse(await text(path)) as T;

  /** Reports what is there, and what was known and is not there any more. Resolves with the version from which to watch. */
  async function listAnew<T extends Named>(
    path: string,
    known: Map<string, T>,
    onChange: (change: Change<T>) => void,
  ): Promise<string> {
    const { items, metadata } = await get<{ items: readonly T[]; metadata: { resourceVersion: string } }>(
      path,
    );
    const names = new Set(items.map((item) => item.metadata.name));
    for (const [name, object] of known) {
      if (names.has(name)) continue;
      known.delete(name);
      onChange({ type: 'DELETED', object });
    }
    for (const object of items) {
      const type = known.has(object.metadata.name) ? 'MODIFIED' : 'ADDED';
      known.set(object.metadata.name, object);
      onChange({ type, object });
    }
    return metadata.resourceVersion;
  }

  return {
    url: proxy.url,
    text,
    get,
    async post(path, body) {
      const headers = { 'content-type': 'application/json' };
      const answer = await request(`${proxy.url}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return { status: answer.statusCode, body: await answer.body.text() };
    },
    async watch<T extends Named>(path: string, onChange: (change: Change<T>) => void, signal: AbortSignal) {
      const known = new Map<string, T>();
      // The server ends a watch now and then, and a busy machine loses connections.
      while (!signal.aborted) {
        try {
          const from = await listAnew(path, known, onChange);
          const options = { signal, bodyTimeout: 0, headersTimeout: 60_000 };
          const { body } = await request(`${proxy.url}${path}?watch=true&resourceVersion=${from}`, options);
          for await (const line of createInterface({ input: body })) {
            const change = JSON.parse(line) as Change<T> | { readonly type: 'ERROR' };
            if (change.type === 'ERROR') break;
            if (change.type === 'DELETED') known.delete(change.object.metadata.name);
            else known.set(change.object.metadata.name, change.object);
            onChange(change);
          }
        } catch {
          if (!signal.aborted) await sleep(retrySeconds * 1000);
        }
      }
    },
    stop: proxy.stop,
  };
}
