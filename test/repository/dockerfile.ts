import { readProjectFile } from './compose-file.ts';
import { trackedFiles } from './project-files.ts';

interface Instruction {
  readonly keyword: string;
  /** What follows it, on one line. */
  readonly text: string;
}

export interface Stage {
  /** As FROM has it, arguments replaced by their defaults. */
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** The stages of the Dockerfile. */
export function readDockerfile(): Stage[] {
  const lines = readProjectFile('Dockerfile')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const instructions = lines.map((line) => {
    const [keyword = '', ...rest] = line.split(' ');
    return { keyword, text: rest.join(' ') };
  });
  const defaults = new Map(
    instructions
      .filter(({ keyword, text }) => keyword === 'ARG' && text.includes('='))
      .map(({ text }) => text.split('=') as [string, string]),
  );
  const stages: { image: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword !== 'FROM') {
      stages.at(-1)?.instructions.push(instruction);
      continue;
    }
    const [image = '', , name] = instruction.text.split(' ');
    const known = image.replaceAll(/\$\{(\w+)\}/g, (_, argument: string) => defaults.get(argument) ?? '');
    stages.push({ image: known, name, instructions: [] });
  }
  return stages;
}

/** Files of the project that a build is sent: what .dockerignore leaves over; its last pattern that matches decides. */
export function buildContext(): string[] {
  const patterns = readProjectFile('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ isKept: line.startsWith('!'), path: line.replace(/^!/, '') }));
  return trackedFiles('.').filter((file) => {
    const last = patterns.findLast(
      ({ path }) => path === '*' || file === path || file.startsWith(`${path}/`),
    );
    return last === undefined || last.isKept;
  });
}
