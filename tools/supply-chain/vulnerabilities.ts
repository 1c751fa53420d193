import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProgramEnvironment } from '../programs/program.ts';

export type Severity = 'info' | 'low' | 'moderate' | 'high' | 'critical';

/** What the registry knows of a lock file: its packages with known faults as `name: severity, title`, or why nothing was asked. */
export type Audit =
  | { readonly kind: 'checked'; readonly found: readonly string[] }
  | { readonly kind: 'unchecked'; readonly why: string };

interface Told {
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: Severity; readonly via: readonly Via[] }>
  >;
  readonly message?: string;
}
type Via = string | { readonly title: string; readonly url: string };

const run = promisify(execFile);
const rising: readonly Severity[] = ['info', 'low', 'moderate', 'high', 'critical'];
const timeoutMs = 180_000;

/**
 * Asks npm's registry for known vulnerabilities of the packages that a folder's lock file names, of at least the severity.
 * A registry that does not answer this question, as mirrors and firewalls often do not, leaves it unchecked, which is told.
 */
export async function audit(
  folder: string,
  least: Severity,
  options: {
    readonly onlyShipped: boolean;
    readonly env: ProgramEnvironment;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Audit> {
  const args = ['audit', '--json', '--package-lock-only', ...(options.onlyShipped ? ['--omit=dev'] : [])];
  const env = { ...options.env, npm_config_fetch_retries: '1' };
  // npm ends with 1 where it found something, and where it could not ask.
  const { signal } = options;
  const { stdout, stderr } = await run('npm', args, { cwd: folder, env, timeout: timeoutMs, signal }).catch(
    ({ stdout = '', stderr = '' }: { readonly stdout?: string; readonly stderr?: string }) => ({
      stdout,
      stderr,
    }),
  );
  signal?.throwIfAborted();
  const { vulnerabilities, message } = parse(stdout);
  if (vulnerabilities === undefined)
    return { kind: 'unchecked', why: message ?? (stderr.trim().split('\n')[0] || 'npm audit said nothing') };
  const found = Object.entries(vulnerabilities)
    .filter(([, { severity }]) => rising.indexOf(severity) >= rising.indexOf(least))
    .map(([name, { severity, via }]) => `${name}: ${severity}, ${via.map(titleOf).join('; ')}`);
  return { kind: 'checked', found };
}

const titleOf = (via: Via) => (typeof via === 'string' ? `by ${via}` : `${via.title} (${via.url})`);

function parse(text: string): Told {
  try {
    return JSON.parse(text) as Told;
  } catch {
    return {};
  }
}
