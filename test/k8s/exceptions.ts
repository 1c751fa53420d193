import type { Finding } from './manifest.ts';

/** Something that is found and is right all the same. */
export interface Exception {
  readonly rule: string;
  /** The objects it is right for, as findings name them. */
  readonly objects: RegExp;
  /** Where one finding of the rule is right and another is not: what its message says. */
  readonly message?: RegExp;
  readonly reason: string;
}

/** Every exception there is, from linters, schemas and our own policies alike. */
export const exceptions: readonly Exception[] = [
  {
    rule: 'kube-score/container-image-pull-policy',
    objects: /./,
    reason:
      'images are pinned to a version; Always would make a node without its registry unable to restart a pod',
  },
];

export function unexcused(findings: readonly Finding[], granted: readonly Exception[] = exceptions) {
  return findings.filter((finding) => !granted.some((exception) => excuses(exception, finding)));
}

export function excuses({ rule, objects, message }: Exception, finding: Finding): boolean {
  return (
    rule === finding.rule &&
    objects.test(finding.object) &&
    (message === undefined || message.test(finding.message))
  );
}
