import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * What was run against the real programs: by version of KEDA, the version of the Kubernetes API server. `definitions` are
 * ScaledObjects that the server took by KEDA's definitions, `played` is KEDA's operator and metrics adapter with our scaler.
 */
export interface KedaRuns {
  readonly definitions: Readonly<Record<string, string>>;
  readonly played: Readonly<Record<string, string>>;
}

const file = fileURLToPath(new URL('./runs/keda.json', import.meta.url));

/** The runs that were noted, of which the table in docs/kubernetes.md is made. */
export function kedaRuns(): KedaRuns {
  return JSON.parse(readFileSync(file, 'utf8')) as KedaRuns;
}

/** Notes a run that passed. */
export function noteKedaRun(kind: keyof KedaRuns, keda: string, kubernetes: string): void {
  const runs = kedaRuns();
  const ofKind = Object.entries({ ...runs[kind], [keda]: kubernetes }).sort(([a], [b]) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  writeFileSync(file, `${JSON.stringify({ ...runs, [kind]: Object.fromEntries(ofKind) }, undefined, 2)}\n`);
}
