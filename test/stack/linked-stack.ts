import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { projectRoot } from '../repository/project-files.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * ./stack as a link in a new folder with a space in its name, which also has the first folder of PATH (`bin`), the folder for
 * temporary files (`tmp`) and the file `kubeconfig`. Whoever links it removes the folder.
 */
export function linkStack(): { folder: string; run(args: string, kubeconfig?: string): Promise<Ended> } {
  const folder = mkdtempSync(join(tmpdir(), 'forescale stack '));
  for (const name of ['bin', 'tmp']) mkdirSync(join(folder, name));
  symlinkSync(resolve(projectRoot, 'stack'), join(folder, 'stack'));
  return {
    folder,
    run(args, kubeconfig = join(folder, 'kubeconfig')) {
      const PATH = `${join(folder, 'bin')}:/usr/bin:/bin`;
      const { NODE_COMPILE_CACHE } = process.env;
      const env = {
        PATH,
        HOME: folder,
        TMPDIR: join(folder, 'tmp'),
        KUBECONFIG: kubeconfig,
        NODE_COMPILE_CACHE,
      };
      const options = { env, cwd: folder, maxBuffer: 2 ** 26 };
      return new Promise((done) => {
        const child = execFile(join(folder, 'stack'), args.split(' '), options, (error, stdout, stderr) =>
          done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
        );
        child.stdin?.end();
      });
    },
  };
}
