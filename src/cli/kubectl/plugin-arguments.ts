/** What is meant for kubectl, and what for the command. */
export interface PluginArguments {
  /** Flags that name the cluster and how to reach it, for each call of kubectl. */
  readonly cluster: readonly string[];
  /** Namespace of the release; undefined = wherever there is one. */
  readonly namespace: string | undefined;
  /** Release among several; undefined = there is one. */
  readonly release: string | undefined;
  /** The command of forescale and its arguments. */
  readonly command: readonly string[];
}

/** Flags of kubectl that say which cluster is meant, by the names that kubectl has for them. */
export const clusterFlags = [
  '--context',
  '--kubeconfig',
  '--cluster',
  '--user',
  '--as',
  '--as-group',
  '--request-timeout',
];

/**
 * Splits the arguments of `kubectl forescale`. `-n` names the namespace of the release, as elsewhere in kubectl; `--namespace` stays with
 * the command, which shows the workloads of one namespace by it.
 */
export function pluginArguments(args: readonly string[]): PluginArguments {
  const cluster: string[] = [];
  const command: string[] = [];
  let namespace: string | undefined;
  let release: string | undefined;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const [name = '', ...rest] = arg.split('=');
    const takesValue = arg === name;
    const value = () => (takesValue ? args[++index] : rest.join('='));
    if (clusterFlags.includes(name)) cluster.push(name, value() ?? '');
    else if (name === '-n') namespace = value();
    else if (name === '--release') release = value();
    else command.push(arg);
  }
  return { cluster, namespace, release, command };
}
