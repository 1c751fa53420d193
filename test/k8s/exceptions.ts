import type { Finding } from './manifest.ts';

/** A finding of a linter or a policy that we accept. */
export interface Exception {
  readonly rule: string;
  /** Names of the objects for which the finding is accepted, as findings give them. */
  readonly objects: RegExp;
  /** Pattern of the message, where only some findings of the rule are accepted. */
  readonly message?: RegExp;
  readonly reason: string;
}

/** Every accepted finding of linters and of our own policies. rendered.test.ts fails where one is no longer needed. */
export const exceptions: readonly Exception[] = [
  {
    rule: 'kube-score/container-image-pull-policy',
    objects: /./,
    reason:
      'images are pinned to a version; Always would make a node without its registry unable to restart a pod',
  },
  {
    rule: 'kube-score/container-resources',
    objects: /./,
    message: /^(?:[\w-]+: CPU limit is not set: [^;]*(?:; )?)+$/,
    reason:
      'a limit of the CPU throttles what is late anyway; requests share the CPU out, memory and storage have limits',
  },
  {
    rule: 'kube-score/deployment-replicas',
    objects: /^Deployment telemetry-app\/app-a$/,
    reason: 'KEDA sets its replicas, and kube-score knows no ScaledObject',
  },
  {
    rule: 'kube-score/deployment-replicas',
    objects: /^Deployment monitoring\/grafana$/,
    reason: 'it keeps nothing and nothing depends on it; two would need a database between them',
  },
  {
    rule: 'kube-score/service-type',
    objects: /^Service [\w-]+\/[\w-]+-node-port$/,
    reason: 'local clusters have no load balancer; only their overlays have node ports',
  },
  {
    rule: 'kube-score/service-type',
    objects: /^Service forescale\/forescale$/,
    reason: 'ci/exposed.yaml shows that the chart can; the default is ClusterIP',
  },
  ...['policy/network-policies', 'kube-score/networkpolicy-targets-pod'].map((rule) => ({
    rule,
    objects: /^NetworkPolicy [\w-]+\/acme-solver$/,
    reason: 'cert-manager makes the pods it is for when a certificate is asked for',
  })),
  {
    rule: 'policy/least-privilege',
    objects: /^(?:StatefulSet monitoring\/prometheus|Deployment monitoring\/kube-state-metrics)$/,
    message: /^mounts a token/,
    reason: 'they ask the Kubernetes API, each by a role of its own that only reads',
  },
  {
    rule: 'policy/references',
    objects: /^Deployment (?:monitoring\/grafana|forescale\/forescale)$/,
    message: /^wants Secret (?:monitoring\/grafana-admin|forescale\/forescale-api-token)$/,
    reason: 'no secret is in Git: ./stack makes these two at install',
  },
  {
    rule: 'policy/references',
    objects: /^(?:Deployment forescale\/forescale|Pod forescale\/forescale-test-\w+)$/,
    message:
      /^wants (?:Secret forescale\/(?:registry|prometheus-reader|mimir|keda-client-authorities|forescale-token|forescale-certificate)|ServiceAccount forescale\/platform)$/,
    reason: 'ci/existing-secrets.yaml and ci/mutual-tls.yaml are about objects that are there already',
  },
  {
    rule: 'policy/references',
    objects: /^Deployment forescale\/forescale$/,
    message: /^wants ConfigMap forescale\/openshift-service-ca\.crt$/,
    reason: 'OpenShift puts it into every namespace',
  },
  ...[
    { rule: 'kube-score/container-security-context-user-group-id', message: /low user ID.*low group ID/ },
    { rule: 'policy/secret-files', message: /^has no group to read / },
  ].map((finding) => ({
    ...finding,
    objects: /^(?:Deployment forescale\/forescale|Pod forescale\/forescale-test-\w+)$/,
    reason:
      'in ci/openshift.yaml the platform chooses user and group; chart-platforms.test.ts holds the others to 65532',
  })),
  {
    rule: 'kube-linter/non-existent-service-account',
    objects: /^(?:Deployment forescale\/forescale|Pod forescale\/forescale-test-\w+)$/,
    message: /"platform"/,
    reason: 'the account of ci/existing-secrets.yaml is there already',
  },
  ...['policy/scale-targets', 'policy/labels'].map((rule) => ({
    rule,
    objects: /^ScaledObject (?:crawler|flowise|graphql|kafka-consumer|llm-gateway|n8n|render-workers)\//,
    reason:
      'an example is for a Deployment that somebody else has; neither is ours, and `./stack` leaves both alone',
  })),
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
