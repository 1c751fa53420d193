import { execFile } from 'node:child_process';

interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs kubectl to its end, with `input` on its stdin. A refusal is an answer, so it does not reject. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<Said>;

/** Time for one kubectl call, long enough for a slow and busy machine. */
const timeoutMs = 60_000;
/** Longest output; all definitions of custom resources as JSON have a few million characters. */
const maxBuffer = 64 * 1024 * 1024;

/** A kubectl that knows one cluster, and keeps what it caches in `home`. */
export function createKubectl(path: string, kubeconfig: string, home: string): Kubectl {
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: kubeconfig };
  return (args, input = '') =>
    new Promise((resolve) => {
      const child = execFile(path, args, { env, timeout: timeoutMs, maxBuffer }, (error, stdout, stderr) => {
        const ended = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ exitCode: ended, stdout, stderr: stderr || (error?.message ?? '') });
      });
      // One that ends without reading its input is no news: it says why.
      child.stdin?.on('error', () => undefined).end(input);
    });
}
