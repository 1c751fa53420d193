import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What a program prints when it is given `input` on its stdin, whatever its exit code. Rejects where it prints nothing. */
export async function runWithInput(path: string, args: readonly string[], input: string): Promise<string> {
  const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  // One that ends before it has read everything says why on stderr.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (stdout.trim() === '') throw new Error(`${path} ${args.join(' ')} printed nothing: ${stderr}`);
  return stdout;
}
