import { type ChildProcess, spawn } from 'node:child_process';
import { within } from '../../platform/deadline.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { Release } from './find-release.ts';

/** Time for kubectl to connect to the cluster and begin to listen. */
const openMs = 30_000;
/** Time for it to end by itself. */
const endMs = 2_000;

/** A port of this machine that leads to a Service for as long as it is open. */
export interface PortForward {
  readonly url: string;
  /** Ends it; safe to call twice. */
  close(): Promise<void>;
}

/** Opens `kubectl port-forward` on a free port of loopback. Rejects with what kubectl says where that fails. */
export async function openPortForward(
  program: string,
  { namespace, service, port, isTls }: Release,
  cluster: readonly string[],
  signal?: AbortSignal,
): Promise<PortForward> {
  const child = spawn(
    program,
    ['port-forward', '--address', '127.0.0.1', '-n', namespace, ...cluster, `service/${service}`, `:${port}`],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const end = () => void child.kill('SIGTERM');
  // Whatever ends this process ends the port-forward: an interrupt, an error, or the end of the command.
  process.once('exit', end);
  signal?.addEventListener('abort', end, { once: true });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const close = async () => {
    process.off('exit', end);
    signal?.removeEventListener('abort', end);
    end();
    await within(endMs, exited).catch(() => child.kill('SIGKILL'));
  };
  try {
    const local = await within(openMs, listening(child), {
      ...(signal && { signal }),
      error: () =>
        new ForescaleError(
          'source-unreachable',
          `kubectl port-forward did not begin within ${openMs / 1000} s`,
        ),
    });
    return { url: `${isTls ? 'https' : 'http'}://127.0.0.1:${local}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The local port, as kubectl prints it: "Forwarding from 127.0.0.1:43211 -> 8080". */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    let failed = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      failed += text;
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const port = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(port);
    });
    child.once('error', (error) => reject(kubectlFailed(String(error))));
    child.once('close', () => reject(kubectlFailed(failed.trim() || 'it ended')));
  });
}

/** What kubectl says where it fails. */
export function kubectlFailed(why: string): ForescaleError {
  return new ForescaleError('source-unreachable', `kubectl: ${why}`);
}
