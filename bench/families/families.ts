/** What the names of made series begin with. */
const made = 'made-';

/** Traces of one source, by what their names begin with: they are alike, so that none of them proves what was learned from another. */
const sources: readonly (readonly string[])[] = [
  ['arr-azure-', 'low-azure-'],
  ['cloud-crane-'],
  ['llm-servegen-'],
  ['low-ms-purchase-', 'svc-ms-purchase-'],
  [made],
  ['social-nab-'],
  ['svc-ms-ingress-'],
  ['svc-ms-mongo-'],
];

/** Traces whose owners state no licence: what they show is measured, and nothing that is shipped is learned from them. */
const withoutLicence = ['net-kpi-'];

/** Whether what a trace shows may be shipped. */
export function mayBeLearned(name: string): boolean {
  return !withoutLicence.some((begin) => name.startsWith(begin));
}

/** Whether a series is one of those that the benchmark makes. */
export function isMade(name: string): boolean {
  return name.startsWith(made);
}

/** The family of a trace; a trace of no known source is a family of its own. */
export function familyOf(name: string): string {
  return sources.find((begins) => begins.some((begin) => name.startsWith(begin)))?.[0] ?? name;
}
