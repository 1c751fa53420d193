/** How files say the version, for which # stands: images, archives, arguments, tags of Git, charts, packages. */
const spellings = [
  'forescale:#',
  'forescale-#.tgz',
  'charts/forescale --version #',
  'refs/tags/v#',
  'charts/forescale:#',
  'npm install forescale@#',
  'VERSION=#',
  'VERSION: "#"',
  '?ref=v#',
  'targetRevision: #',
  'targetRevision: v#',
  'appVersion: #',
  'appVersion: "#"',
  '"title": "Forescale",\n    "version": "#"',
] as const;

/** Spellings that mean the version of something else in other files. */
const spellingsOf: Readonly<Record<string, readonly string[]>> = {
  'package.json': ['"name": "forescale",\n  "version": "#"'],
  'package-lock.json': [
    '"name": "forescale",\n  "version": "#"',
    '"name": "forescale",\n      "version": "#"',
  ],
  'k8s/charts/forescale/Chart.yaml': ['\nversion: #'],
  'k8s/charts/forescale/ci/persistent.yaml': ['  tag: #'],
  // Flux follows the patches of a minor version.
  'k8s/examples/gitops/flux/forescale.yaml': ['semver: #'],
};

const semver = String.raw`\d+\.\d+\.(?:\d+(?:-[0-9A-Za-z.-]*[0-9A-Za-z])?|x)`;

/** Files that tell of other versions than that of the checkout: what was, what a test makes up, what was decided. */
const tellsOfOthers = /^(?:CHANGELOG\.md$|test\/|docs\/adr\/|tools\/release\/)/;

/** Whether a file of the project, named from its root, may say the version. */
export function mayName(path: string): boolean {
  return /\.(?:json|md|ts|ya?ml)$|(?:^|\/)(?:Dockerfile|Makefile)$/.test(path) && !tellsOfOthers.test(path);
}

function pattern(path: string): RegExp {
  const ways = [...spellings, ...(spellingsOf[path] ?? [])].map((spelling) => {
    const [before = '', after = ''] = spelling.split('#').map(escaped);
    return `(?<=${before})(?:${semver})(?=${after})`;
  });
  return new RegExp(ways.join('|'), 'g');
}

const escaped = (text: string) => text.replaceAll(/[.?]/g, String.raw`\$&`);

/** Every version that a text says is that of the project, in its order. */
export function namedVersions(path: string, text: string): readonly string[] {
  return [...text.matchAll(pattern(path))].map(([said]) => said);
}

/** The text with another version; a range such as 0.1.x becomes that of the new version. */
export function withVersion(path: string, text: string, version: string): string {
  return text.replaceAll(pattern(path), (said) => (said.endsWith('.x') ? rangeOf(version) : version));
}

/** The patches of a minor version: 0.1.x for 0.1.0. */
export function rangeOf(version: string): string {
  return version.replace(/\.\d+(?:-.*)?$/, '.x');
}
