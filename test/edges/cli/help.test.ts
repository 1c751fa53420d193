import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { commands } from '../../../src/cli/run.ts';

/** Writes the URL of every module that is loaded to stderr. */
const tracing = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    load(url, context, next) {
      process.stderr.write(url + '\\n');
      return next(url, context);
    },
  });
`)}`;

it.each(Object.keys(commands).filter((name) => name !== 'demo'))(
  'the help of %s loads the flags and nothing that asks a source, serves or checks a schema',
  (name) => {
    const args = ['--import', tracing, 'src/cli/main.ts', name, '--help'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(stdout).toContain(`forescale ${name} [options]`);
    const loaded = stderr.split('\n');
    expect(loaded.filter((url) => url.endsWith(`/src/cli/commands/${name}.ts`))).toHaveLength(1);
    const heavy = /\/node_modules\/(?:undici|typebox|fastify|@grpc)\/|\/src\/(?:api|forecast)\//;
    expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
  },
);

it('a misspelt option is named without its value, which may be an address with a password', () => {
  const option = '--promtheus=http://user:S3CRET@prom:9090';
  const { stderr, status } = spawnSync(process.execPath, ['src/cli/main.ts', 'forecast', option], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toContain("unknown option '--promtheus=…'");
});
