import { afterEach } from 'vitest';
import { createApiApp } from '../../../../src/api/app.ts';
import type { ApiInstance } from '../../../../src/api/instance.ts';
import type { ApiOptions } from '../../../../src/api/ports.ts';
import type { CommandIo } from '../../../../src/cli/command-io.ts';
import { errorTable } from '../../../../src/platform/errors.ts';
import { apiOptions } from '../../api/fixture.ts';
import { runCommand, runFailing } from '../run-command.ts';

/** Serves APIs for one test each, and runs one command against them. */
export function commandAgainst(name: string) {
  let app: ApiInstance | undefined;
  let url = '';
  afterEach(() => app?.close());
  const argsOf = (args: readonly string[]) => [name, ...args, '--server', url];
  return {
    async serve(options: Partial<ApiOptions>): Promise<string> {
      app = await createApiApp(apiOptions(options));
      url = await app.listen({ host: '127.0.0.1', port: 0 });
      return url;
    },
    close: async () => app?.close(),
    run: (args: readonly string[], world: Partial<CommandIo> = {}) => runCommand(argsOf(args), world),
    async failing(args: readonly string[], world: Partial<CommandIo> = {}) {
      const { error, stdout } = await runFailing(argsOf(args), world);
      return { message: error.message, exitCode: errorTable[error.code].exitCode, stdout };
    },
  };
}
