import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { findProgram, type ProgramName } from '../programs/find-program.ts';
import { packageLibraries } from '../programs/package-libraries.ts';
import { runTool } from '../programs/run-tool.ts';
import { packageFile, projectRoot, registry } from './places.ts';

/** A release in the making: where its files are, where it goes, and what its steps run with. */
export interface Release {
  readonly version: string;
  /** Folder of what was made: npm, chart, image, sbom, notes.md, pushed.json. */
  readonly out: string;
  /** Registry of image and chart, such as ghcr.io. */
  readonly registry: string;
  /** Tag of Git that it is made of; undefined in a dry run. */
  readonly tag?: string | undefined;
  /** Makes the base images of this machine's files, where no registry can be asked for them. */
  readonly localBases: boolean;
  /** Private key to sign with, in place of the identity of the workflow. */
  readonly key?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** A build of image, chart or package takes this long at most, on a machine that has other work. */
const timeoutMs = 900_000;

/** What a release is made with, when nothing else is said. */
export const defaults = {
  version: packageFile.version,
  out: 'results/release',
  registry,
  localBases: false,
} as const;

let knownTime: number | undefined;

/**
 * Time of the commit in seconds since 1970: the time of everything that is made, so that it can be made again. Asked once, so that
 * a run whose checkout gets another commit does not mix two.
 */
export function commitTime(): number {
  if (knownTime === undefined) {
    const args = ['log', '-1', '--format=%ct'];
    knownTime = Number(execFileSync('git', args, { cwd: projectRoot, encoding: 'utf8' }));
  }
  return knownTime;
}

/** Runs a tool of the machine in the checkout; resolves with what it printed. */
export function run(
  release: Release,
  tool: string,
  args: readonly string[],
  cwd = projectRoot,
): Promise<string> {
  const { signal } = release;
  const env = { ...release.env, SOURCE_DATE_EPOCH: String(commitTime()) };
  return runTool(tool, args, { cwd, env, timeoutMs, signal });
}

/** Runs a program that the project fetches where the machine lacks it. */
export async function runProgram(
  release: Release,
  name: ProgramName,
  args: readonly string[],
): Promise<string> {
  const say = () => console.error(`  fetching ${name}, once; takes a while`);
  const { path, from } = await findProgram(name, release.env, say, release.signal);
  // Where it was unpacked from a package, its libraries lie beside it.
  const beside = from === 'path' ? [] : packageLibraries(join(dirname(path), '../..'));
  const env = { ...release.env, ...(beside.length > 0 && { LD_LIBRARY_PATH: beside.join(':') }) };
  return run({ ...release, env }, path, args);
}

/** Whether the registry is one of this machine, which speaks HTTP. */
export const isPlain = ({ registry: host }: Release): boolean => /^(?:127\.|localhost)/.test(host);
