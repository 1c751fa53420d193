import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program that was called. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  /** What it was fed, where it was called with `-f -`. */
  readonly stdin: string;
}

/** What it prints and ends with; one that stays goes on until it is killed, or the test ends. */
export interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  readonly stays?: boolean;
}

export interface Doubles {
  /** The only folder of PATH: the doubles, and what every machine has. */
  readonly folder: string;
  readonly calls: readonly Call[];
  /** How many of those that stay are still there. */
  staying(): number;
  close(): Promise<void>;
}

/** Besides the doubles, ./stack needs no program but these. No jq, no Node, no ss. */
const everywhere =
  'awk base64 bash cat cksum cp curl cut date dirname env grep head mktemp mv paste readlink rm sed sleep sort tail tr uniq wc';

/**
 * Executables named `programs` that log how they are called and answer what `answer` says. They ask this process over
 * loopback, so that the answer to one call can depend on those before it.
 */
export async function startDoubles(
  programs: readonly string[],
  answer: (call: Call) => Answer,
): Promise<Doubles> {
  const work = mkdtempSync(join(tmpdir(), 'forescale-doubles-'));
  const folder = join(work, 'bin');
  mkdirSync(folder);
  const calls: Call[] = [];
  const staying = new Set<Socket>();
  const server = createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.on('close', () => staying.delete(socket));
    socket.on('data', (part: string) => {
      text += part;
      const [count = '', program = '', ...items] = text.split('\0');
      if (items.length < Number(count)) return;
      const call = {
        program,
        args: items.slice(0, Number(count) - 2),
        stdin: items[Number(count) - 2] ?? '',
      };
      calls.push(call);
      const { stdout = '', stderr = '', code = 0, stays = false } = answer(call);
      const path = join(work, `answer-${calls.length}`);
      writeFileSync(`${path}.out`, stdout);
      writeFileSync(`${path}.err`, stderr);
      if (stays) staying.add(socket);
      socket.write(`${code} ${stays} ${path}\n`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const script = `#!/usr/bin/env bash
fed=''
[[ " $* " != *' -f - '* ]] || fed=$(cat)
exec 3<>/dev/tcp/127.0.0.1/${port}
printf '%s\\0' "$(($# + 2))" "\${0##*/}" "$@" "$fed" '' >&3
read -r code stays path <&3
cat "$path.out"
cat "$path.err" >&2
[[ $stays != true ]] || read -r <&3
exit "$code"
`;
  for (const program of programs) {
    writeFileSync(join(folder, program), script);
    chmodSync(join(folder, program), 0o755);
  }
  for (const program of everywhere.split(' ')) {
    const real = execFileSync('bash', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
    symlinkSync(real, join(folder, program));
  }
  return {
    folder,
    calls,
    staying: () => staying.size,
    close: async () => {
      for (const socket of staying) socket.destroy();
      server.close();
      await once(server, 'close');
      rmSync(work, { recursive: true, force: true });
    },
  };
}
