import type { Artefact } from './compare.ts';

/** What a dry run on this machine leaves to the workflow, each with its reason. */
const leftOut = [
  [
    'base images of the Dockerfile',
    'their registries are not asked; images of this machine’s files stand in',
  ],
  [
    'the image of linux/arm64 was not run',
    'its base here has no Node; what is copied into it is the same layer',
  ],
  [
    'keyless signatures and provenance',
    'both need the identity of a workflow; signed with a key of this run',
  ],
  ['npm and GitHub', 'nothing is published by a dry run'],
] as const;

/** The table that a dry run ends with. */
export function resultTable(artefacts: readonly Artefact[], chartDigest: string): string {
  const rows = artefacts.map(({ name, digest, bytes }) => [name, `${(bytes / 1e6).toFixed(2)} MB`, digest]);
  const named = [...rows, ['chart, in the registry', '', chartDigest]];
  const widths = [0, 1].map((column) => Math.max(...named.map((row) => row[column]?.length ?? 0)));
  const lines = named.map(([name = '', size = '', digest = '']) =>
    `${name.padEnd(widths[0] ?? 0)}  ${size.padStart(widths[1] ?? 0)}  ${digest}`.trimEnd(),
  );
  const missing = leftOut.map(([what, why]) => `  ${what}: ${why}`);
  return `${lines.join('\n')}\n\nNot run here:\n${missing.join('\n')}`;
}
