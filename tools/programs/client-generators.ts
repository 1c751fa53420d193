import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from './find-program.ts';
import type { ProgramEnvironment } from './program.ts';
import { runTool } from './run-tool.ts';
import { makeWholeFolder } from './whole-folder.ts';

/** Generators of clients, which a test makes clients of our API with. They are no part of the project and stay in the cache folder. */
const generators = {
  typescript: {
    // The generator needs a compiler that can be called from JavaScript, which version 7 cannot.
    packages: ['openapi-typescript@7.13.0', 'openapi-fetch@0.17.0', 'typescript@5.9.3'],
    tool: 'npm',
    args: ['install', '--prefix=.', '--no-audit', '--no-fund', '--loglevel=error', '--save-exact'],
  },
  python: {
    packages: ['openapi-python-client==0.29.1'],
    tool: 'python3',
    args: ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target=.'],
  },
} as const;

export type ClientLanguage = keyof typeof generators;
export const clientLanguages = Object.keys(generators) as readonly ClientLanguage[];

/** The folder of a generator that was fetched, or why it is not there. */
export async function findClientGenerator(
  language: ClientLanguage,
  env: ProgramEnvironment,
): Promise<{ readonly folder: string } | { readonly lacking: string }> {
  const folder = folderOf(language, env);
  return access(folder).then(
    () => ({ folder }),
    () => ({ lacking: `no generator of ${language} clients was fetched; run make tools` }),
  );
}

/** Fetches a generator from its registry, once. Rejects with an Error that says which step failed and what the tool said. */
export async function fetchClientGenerator(
  language: ClientLanguage,
  env: ProgramEnvironment,
  signal?: AbortSignal,
): Promise<string> {
  const folder = folderOf(language, env);
  const { packages, tool, args } = generators[language];
  await makeWholeFolder(folder, async (work) => {
    await runTool(tool, [...args, ...packages], { cwd: work, env, timeoutMs: 300_000, signal });
    return work;
  });
  return folder;
}

function folderOf(language: ClientLanguage, env: ProgramEnvironment): string {
  const [generator] = generators[language].packages;
  return join(cacheDirectory(env), generator.replaceAll(/[@=]+/g, '-'));
}
