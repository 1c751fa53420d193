/** A change as CHANGELOG.md tells it. */
export interface Change {
  /** Of Artifact Hub, and of Keep a Changelog: added, changed, deprecated, removed, fixed, security. */
  readonly kind: string;
  /** On one line, with the Markdown of the changelog. */
  readonly text: string;
}

const heading = (title: string) => new RegExp(`^## \\[${title.replaceAll('.', String.raw`\.`)}\\].*\\n`, 'm');

/** What the changelog says of a version, or of what is not released; undefined where it has no such section. */
export function sectionOf(changelog: string, title: string): string | undefined {
  const found = heading(title).exec(changelog);
  if (found === null) return undefined;
  const rest = changelog.slice(found.index + found[0].length);
  const end = rest.search(/^## \[/m);
  return (end === -1 ? rest : rest.slice(0, end)).trim();
}

/** Turns what is unreleased into the section of a version. Throws where there is nothing to release, or that version is told of. */
export function released(changelog: string, version: string, date: string): string {
  if (sectionOf(changelog, version) !== undefined) throw new Error(`CHANGELOG.md has ${version} already`);
  if ((sectionOf(changelog, 'Unreleased') ?? '') === '')
    throw new Error('CHANGELOG.md has nothing below [Unreleased]');
  return changelog.replace(heading('Unreleased'), `## [Unreleased]\n\n## [${version}] - ${date}\n`);
}

/** The entries of a section, each with the kind of its heading. */
export function changesOf(section: string): readonly Change[] {
  return section
    .split(/^### /m)
    .slice(1)
    .flatMap((part) => {
      const [kind = '', ...lines] = part.split('\n');
      const entries = lines.join('\n').split(/^- /m).slice(1);
      return entries.map((entry) => ({
        kind: kind.trim().toLowerCase(),
        text: entry.replaceAll(/\s+/g, ' ').trim(),
      }));
    });
}

/** The first sentence of a change without Markdown, for lists that others show. */
export function summaryOf({ text }: Change): string {
  const plain = text.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll(/[`*]/g, '');
  return /^.{25,}?\.(?= [A-Z]|$)/.exec(plain)?.[0] ?? plain;
}
