import { findProgram } from '../../tools/programs/find-program.ts';
import type { Finding } from './manifest.ts';
import { runWithInput } from './run-with-input.ts';

interface KubeLinterReport {
  readonly Checks: readonly unknown[] | null;
  readonly Reports:
    | readonly {
        readonly Check: string;
        readonly Diagnostic: { readonly Message: string };
        readonly Object: {
          readonly K8sObject: {
            readonly Namespace: string;
            readonly Name: string;
            readonly GroupVersionKind: { readonly Kind: string };
          };
        };
      }[]
    | null;
}

/** Findings of kube-linter's default checks. Rejects where no check ran. */
export async function kubeLinterFindings(yaml: string): Promise<readonly Finding[]> {
  const { path } = await findProgram('kube-linter', process.env);
  const report = JSON.parse(
    await runWithInput(path, ['lint', '--format', 'json', '-'], yaml),
  ) as KubeLinterReport;
  if ((report.Checks ?? []).length === 0) throw new Error('kube-linter ran no check');
  return (report.Reports ?? []).map(({ Check, Diagnostic, Object: { K8sObject } }) => ({
    rule: `kube-linter/${Check}`,
    object: `${K8sObject.GroupVersionKind.Kind} ${K8sObject.Namespace}/${K8sObject.Name}`,
    message: Diagnostic.Message,
  }));
}

interface KubeScoreObject {
  readonly type_meta: { readonly kind: string };
  readonly object_meta: { readonly name: string; readonly namespace?: string };
  readonly checks: readonly {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments:
      | readonly { readonly path: string; readonly summary: string; readonly description: string }[]
      | null;
  }[];
}

/** Highest of kube-score's grades (1 critical, 5 warning, 7 almost, 10 right) that counts as a finding. */
const warningGrade = 5;

/** Findings of kube-score's default checks, warnings included. */
export async function kubeScoreFindings(yaml: string): Promise<readonly Finding[]> {
  const { path } = await findProgram('kube-score', process.env);
  const output = await runWithInput(path, ['score', '--output-format', 'json', '-'], yaml);
  // Null where the set has only kinds that it has nothing to say about.
  const objects = JSON.parse(output) as readonly KubeScoreObject[] | null;
  return (objects ?? []).flatMap(({ type_meta, object_meta, checks }) =>
    checks
      .filter(({ skipped, grade }) => !skipped && grade <= warningGrade)
      .map(({ check, comments }) => ({
        rule: `kube-score/${check.id}`,
        object: `${type_meta.kind} ${object_meta.namespace ?? ''}/${object_meta.name}`,
        message: (comments ?? [])
          .map(({ path: at, summary, description }) => [at, summary, description].filter(Boolean).join(': '))
          .join('; '),
      })),
  );
}
