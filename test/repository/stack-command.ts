import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { projectRoot } from './project-files.ts';

/** A table of k8s/stack: a text whose lines are rows and whose cells are separated by |. */
function shellTable(file: string, variable: string): string[][] {
  // Bash itself reads it, quotes and all.
  const script = `source "$1" && printf '%s' "\${!2}"`;
  const path = resolve(projectRoot, 'k8s/stack', file);
  const text = execFileSync('bash', ['-c', script, 'bash', path, variable], { encoding: 'utf8' });
  return text.split('\n').map((line) => line.split('|'));
}

/** What ./stack can be told: every verb with what it does, every option with the verbs it is for. */
export const stackVerbs = new Map(
  shellTable('verb-table.sh', 'verb_table').map(([verb = '', , what = '']) => [verb, what]),
);
export const stackOptions = new Map(
  shellTable('verb-table.sh', 'option_table').map(([flag = '', , verbs = '']) => [
    flag,
    verbs === 'all' ? [...stackVerbs.keys()] : verbs.split(' '),
  ]),
);
/** The option names them all. */
export const stackTargets = (
  /--target\|NAME\|all\|one of ([a-z0-9 ]+);/.exec(
    shellTable('verb-table.sh', 'option_table')
      .map((cells) => cells.join('|'))
      .join('\n'),
  )?.[1] ?? ''
).split(' ');

export interface Door {
  readonly name: string;
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  readonly nodePort: number;
  readonly composePort: number;
}
export const doors: readonly Door[] = shellTable('port-table.sh', 'port_table').map(
  ([name = '', namespace = '', service = '', port, nodePort, composePort]) => ({
    name,
    namespace,
    service,
    port: Number(port),
    nodePort: Number(nodePort),
    composePort: Number(composePort),
  }),
);
export const components = shellTable('verbs/logs.sh', 'component_table');
export const secrets = shellTable('verbs/credentials.sh', 'secret_table');
export const loadScripts = shellTable('verbs/load.sh', 'script_table');

/** A value of k8s/stack/versions.env. */
export function pinnedVersion(name: string): string {
  return shellTable('versions.env', name)[0]?.[0] ?? '';
}
