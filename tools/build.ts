import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, rmSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandIo } from '../src/cli/command-io.ts';
import { ownCommand, runAlone } from '../src/cli/own-program.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const pageFiles = ['.css', '.html', '.js', '.svg'];

async function build(signal: CommandIo['signal']): Promise<void> {
  rmSync(`${root}dist`, { recursive: true, force: true });
  // On two cores its threads, which check the same types again for themselves, cost more than they save.
  const compiler = spawn('tsc', ['--project', 'tsconfig.build.json', '--singleThreaded'], {
    cwd: root,
    stdio: 'inherit',
    ...(signal !== undefined && { signal }),
  });
  const [code] = await once(compiler, 'close');
  if (code !== 0) throw new Error(`tsc ended with ${code}`);
  cpSync(`${root}src`, `${root}dist`, {
    recursive: true,
    filter: (path) => extname(path) === '' || pageFiles.includes(extname(path)),
  });
}

await runAlone(
  ownCommand({
    name: 'build',
    description: 'build `dist`, which is what an installed package runs',
    flags: {},
    notes: `It has the JavaScript and the declarations of \`src\`, and beside them the files of the pages. Paths from a module to \`package.json\` and
\`proto\` are the same as in \`src\`.`,
    examples: ['npm run build'],
    act: (_, io) => build(io.signal),
  }),
);
