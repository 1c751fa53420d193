import { readFileSync } from 'node:fs';
import { parseAllDocuments, stringify } from 'yaml';
import type { Answer, Call } from './doubles.ts';
import { printJsonPath } from './jsonpath.ts';
import {
  deletableResources,
  isNamespaced,
  type KubernetesObject,
  kindOf,
  matchesLabels,
  typedName,
} from './selectors.ts';

export interface ClusterDouble {
  /** What is in it; tests put in and take out what they need. */
  readonly objects: KubernetesObject[];
  /** What `kubectl kustomize FOLDER` prints, by the end of the folder's path. */
  readonly rendered: Map<string, string>;
  /** `verb resource` that `auth can-i` denies. */
  readonly denied: Set<string>;
  /** Local port that a port-forward to `namespace/service` leads to. */
  readonly forwards: Map<string, number>;
  /** What else is asked of kubectl, by the first words of its arguments, before what is built in. */
  readonly overrides: Map<string, Answer>;
  currentContext: string;
  version: string;
  /** Calls it did not understand; a test must leave none. */
  readonly notUnderstood: string[];
  kubectl(call: Call): Answer;
}

const flagsWithValue = ['-n', '-l', '-o', '-f', '-k', '-p', '--from', '--address'];

interface Arguments {
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string>>;
}

function readArguments(args: readonly string[]): Arguments {
  const words: string[] = [];
  const flags: Record<string, string> = {};
  for (let at = 0; at < args.length; at += 1) {
    const [, name, value] = /^(--?[\w-]+)(?:=([\s\S]*))?$/.exec(args[at] ?? '') ?? [];
    if (args[at] === '--') return { words: [...words, ...args.slice(at)], flags };
    if (name === undefined) words.push(args[at] ?? '');
    else if (value === undefined && flagsWithValue.includes(name)) flags[name] = args[++at] ?? '';
    else flags[name] = value ?? 'true';
  }
  return { words, flags };
}

/** As the API server keeps it: what was given as stringData is data, in base64. */
function asStored(object: KubernetesObject): KubernetesObject {
  const { stringData, ...rest } = object as KubernetesObject & { stringData?: Record<string, string> };
  if (stringData === undefined) return object;
  const data = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  return { ...rest, data: Object.fromEntries(data) as Record<string, string> };
}

/** A cluster as far as kubectl shows it: it remembers what is applied, created and deleted. */
export function clusterDouble(objects: KubernetesObject[] = []): ClusterDouble {
  const find = (kind: string, name: string, namespace?: string) =>
    objects.find(
      (one) =>
        one.kind === kind &&
        one.metadata.name === name &&
        (!isNamespaced(kind) || one.metadata.namespace === namespace),
    );
  const put = (object: KubernetesObject) => {
    const former = find(object.kind, object.metadata.name, object.metadata.namespace);
    if (former === undefined) objects.push(object);
    else Object.assign(former, object, { metadata: { ...former.metadata, ...object.metadata } });
  };
  const selected = ({ words, flags }: Arguments): KubernetesObject[] => {
    const [, resourceList = '', ...names] = words;
    const named = [resourceList, ...names].flatMap((word) => (word.includes('/') ? [word.split('/')] : []));
    const pairs =
      named.length > 0
        ? named.map(([resource = '', name = '']) => [kindOf(resource), name])
        : names.map((name) => [kindOf(resourceList), name]);
    const kinds = named.length > 0 ? [] : resourceList.split(',').map(kindOf);
    return objects.filter(
      (one) =>
        (pairs.length > 0
          ? pairs.some(([kind, name]) => one.kind === kind && one.metadata.name === name)
          : kinds.includes(one.kind)) &&
        (flags['-n'] === undefined || !isNamespaced(one.kind) || one.metadata.namespace === flags['-n']) &&
        matchesLabels(flags['-l'], one),
    );
  };
  const documents = (yaml: string) =>
    parseAllDocuments(yaml).flatMap((one) => (one.toJS() as KubernetesObject | null) ?? []);
  const render = (folder: string) =>
    [...cluster.rendered].find(([end]) => folder.endsWith(end))?.[1] ?? fail(`no rendering of ${folder}`);
  const fail = (text: string): never => {
    throw new Error(text);
  };

  const verbs: Readonly<Record<string, (given: Arguments, call: Call) => Answer>> = {
    config: () =>
      cluster.currentContext === ''
        ? { stderr: 'error: current-context is not set\n', code: 1 }
        : { stdout: `${cluster.currentContext}\n` },
    version: () => ({ stdout: '{\n  "clientVersion": {\n    "gitVersion": "v1.34.1"\n  }\n}\n' }),
    kustomize: ({ words }) => ({ stdout: render(words[1] ?? '') }),
    auth: ({ words }) =>
      cluster.denied.has(`${words[2]} ${words[3]}`) ? { stdout: 'no\n', code: 1 } : { stdout: 'yes\n' },
    'api-resources': ({ flags }) => ({ stdout: deletableResources(flags['--namespaced'] === 'true') }),
    get: (given) => {
      const { words, flags } = given;
      if (flags['--raw'] !== undefined || words[1]?.startsWith('/') === true) {
        return { stdout: `{\n  "major": "1",\n  "gitVersion": "${cluster.version}"\n}` };
      }
      const found = selected(given);
      const isOne = words.length > 2 || words[1]?.includes('/') === true;
      const [first] = found;
      if (isOne && first === undefined) {
        return flags['--ignore-not-found'] === 'true'
          ? {}
          : { stderr: 'Error from server (NotFound)\n', code: 1 };
      }
      const output = flags['-o'] ?? '';
      if (output === 'name') return { stdout: found.map((one) => `${typedName(one)}\n`).join('') };
      if (output.startsWith('jsonpath=')) {
        const value = isOne ? first : { kind: 'List', items: found };
        return { stdout: printJsonPath(output.slice('jsonpath='.length), value) };
      }
      return { stdout: found.map((one) => `${typedName(one)}   1/1\n`).join('') };
    },
    apply: ({ flags }, { stdin }) => {
      const applied = documents(flags['-f'] === '-' ? stdin : render(flags['-k'] ?? ''));
      applied.forEach(put);
      return { stdout: applied.map((one) => `${typedName(one)} serverside-applied\n`).join('') };
    },
    create: ({ words, flags }, { stdin }) => {
      if (words[1] === 'job') {
        const template = find('CronJob', flags['--from']?.split('/')[1] ?? '', flags['-n']);
        if (template === undefined) return fail('no such CronJob');
        const { metadata, spec } = (template['spec'] as { jobTemplate: KubernetesObject }).jobTemplate;
        const job = {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: { ...metadata, name: words[2] ?? '', namespace: flags['-n'] ?? '' },
          spec,
        };
        return { stdout: stringify(job) };
      }
      const created = documents(stdin).map(asStored);
      created.forEach(put);
      return { stdout: created.map((one) => `${typedName(one)} created\n`).join('') };
    },
    delete: (given, { stdin }) => {
      const gone =
        given.flags['-f'] === '-'
          ? documents(stdin).flatMap(
              ({ kind, metadata }) => find(kind, metadata.name, metadata.namespace) ?? [],
            )
          : selected(given);
      for (const one of gone) objects.splice(objects.indexOf(one), 1);
      const namespaces = gone.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
      for (const one of objects.filter(({ metadata }) => namespaces.includes(metadata.namespace ?? ''))) {
        objects.splice(objects.indexOf(one), 1);
      }
      return { stdout: gone.map((one) => `${typedName(one)} deleted\n`).join('') };
    },
    set: ({ words, flags }) => {
      const [job] = documents(readFileSync(flags['-f'] ?? '', 'utf8'));
      const env = words.slice(2).map((word) => word.split('='));
      const text = stringify(job).replace(
        /name: (\w+)\n( +)value: .*/g,
        (whole, name: string, space: string) => {
          const [, value] = env.find(([wanted]) => wanted === name) ?? [];
          return value === undefined ? whole : `name: ${name}\n${space}value: "${value}"`;
        },
      );
      return { stdout: text };
    },
    annotate: ({ words }) => {
      const object = find('Namespace', words[2] ?? '') ?? fail('no such namespace');
      const [key = '', value = ''] = words[3]?.split('=') ?? [];
      object.metadata.annotations = { ...object.metadata.annotations, [key]: value };
      return {};
    },
    rollout: ({ words }) => ({ stdout: `${words[2]} successfully rolled out\n` }),
    wait: () => ({ stdout: 'condition met\n' }),
    logs: () => ({ stdout: '[pod/x] a line\n' }),
    exec: () => ({ stdout: 'SERVING\n' }),
    'port-forward': ({ words, flags }) => {
      const [service = '', remote = ''] = [words[1]?.split('/')[1], words[2]?.replace(/^.*:/, '')];
      const local = words[2]?.startsWith(':') === false ? words[2].split(':')[0] : undefined;
      const port = local ?? cluster.forwards.get(`${flags['-n']}/${service}`);
      return port === undefined
        ? { stderr: `Error from server (NotFound): services "${service}" not found\n`, code: 1 }
        : { stdout: `Forwarding from 127.0.0.1:${port} -> ${remote}\n`, stays: true };
    },
  };

  const cluster: ClusterDouble = {
    objects,
    rendered: new Map(),
    denied: new Set(),
    forwards: new Map(),
    overrides: new Map(),
    currentContext: 'default',
    version: 'v1.34.1+k3s1',
    notUnderstood: [],
    kubectl: (call) => {
      const given = readArguments(call.args.filter((arg) => !/^--(context|request-timeout)=/.test(arg)));
      const plain = given.words.join(' ');
      const override = [...cluster.overrides].find(([start]) => plain.startsWith(start));
      if (override !== undefined) return override[1];
      try {
        const verb = verbs[given.words[0] ?? ''];
        return verb === undefined ? fail('no such verb') : verb(given, call);
      } catch (thrown) {
        cluster.notUnderstood.push(`kubectl ${call.args.join(' ')}: ${String(thrown)}`);
        return { stderr: `error: ${String(thrown)}\n`, code: 1 };
      }
    },
  };
  return cluster;
}
