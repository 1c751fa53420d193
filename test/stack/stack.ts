import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { projectRoot } from '../repository/project-files.ts';
import { type ClusterDouble, clusterDouble } from './cluster-double.ts';
import { type Answer, type Call, type Doubles, startDoubles } from './doubles.ts';
import { fixture, recorded } from './recorded.ts';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Stack {
  readonly cluster: ClusterDouble;
  readonly calls: readonly Call[];
  /** Answers of programs other than kubectl, by the first words of the call; without one they say nothing and end with 0. */
  readonly others: Map<string, Answer>;
  /** Calls as they would be typed, without --context and timeouts. */
  typed(): string[];
  /** Those that change the cluster, an image store or containers. */
  changes(): string[];
  /** Replaces a text in a file of the checkout. */
  edit(path: string, from: string, to: string): void;
  run(...args: string[]): Promise<Ended>;
  /** Starts it, and ends it by `signal` when `ready` says so. */
  interrupt(args: readonly string[], signal: 'SIGINT' | 'SIGTERM', ready: () => boolean): Promise<Ended>;
  staying(): number;
  /** What it left in its TMPDIR. */
  leftBehind(): string[];
  close(): Promise<void>;
}

const overlays = ['k3s', 'microk8s', 'minikube', 'kind', 'dev', 'staging', 'production'];

/**
 * ./stack as a user has it, in a checkout whose path has spaces, called from another folder, with an environment of
 * PATH and TMPDIR alone, and with doubles of `programs` and nothing else on PATH but what every machine has.
 */
export async function startStack(
  programs: readonly string[] = ['kubectl', 'docker', 'k3s', 'helm'],
  cluster: ClusterDouble = clusterDouble(recorded('cluster.yaml')),
): Promise<Stack> {
  const work = mkdtempSync(join(tmpdir(), 'forescale stack '));
  const checkout = join(work, 'a check out');
  const temporary = join(work, 'tmp dir');
  const elsewhere = join(work, 'elsewhere');
  for (const folder of [checkout, temporary, elsewhere]) mkdirSync(folder);
  for (const path of ['stack', 'k8s/stack', 'compose.yaml']) {
    cpSync(resolve(projectRoot, path), join(checkout, path), { recursive: true });
  }
  for (const folder of [...overlays.map((name) => `overlays/${name}`), 'components/keda', 'base']) {
    mkdirSync(join(checkout, 'k8s', folder), { recursive: true });
    writeFileSync(join(checkout, 'k8s', folder, 'kustomization.yaml'), 'resources: []\n');
  }
  for (const name of overlays) cluster.rendered.set(`k8s/overlays/${name}`, fixture('overlay.yaml'));
  cluster.rendered.set('k8s/base', fixture('overlay.yaml'));
  cluster.rendered.set('k8s/components/keda', fixture('keda.yaml'));

  const others = new Map<string, Answer>();
  const doubles: Doubles = await startDoubles(programs, (call) => {
    const [, rest] = splitKubectl(call);
    if (rest !== undefined) return cluster.kubectl({ ...call, args: rest });
    const line = [call.program, ...call.args].join(' ');
    const [, answer = {}] = [...others].find(([start]) => line.startsWith(start)) ?? [];
    return answer;
  });
  const typed = () =>
    doubles.calls.map(({ program, args }) =>
      [program, ...args]
        .filter((arg) => !/^--(context|request-timeout|timeout)=/.test(arg))
        .join(' ')
        .replaceAll(checkout, '.')
        .replaceAll(temporary, 'TMP'),
    );
  const start = (args: readonly string[]) =>
    spawn(join(checkout, 'stack'), args, {
      cwd: elsewhere,
      env: { PATH: doubles.folder, TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const end = async (child: ReturnType<typeof start>): Promise<Ended> => {
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      stdout += part;
    });
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      stderr += part;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  };
  return {
    cluster,
    calls: doubles.calls,
    others,
    typed,
    changes: () => typed().filter((line) => isChange(line)),
    edit: (path, from, to) => {
      const file = join(checkout, path);
      const text = readFileSync(file, 'utf8');
      if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
      writeFileSync(file, text.replaceAll(from, to));
    },
    run: (...args) => end(start(args)),
    interrupt: async (args, signal, ready) => {
      const child = start(args);
      const ended = end(child);
      const timer = setInterval(() => {
        if (ready()) child.kill(signal);
      }, 20);
      return ended.finally(() => clearInterval(timer));
    },
    staying: doubles.staying,
    leftBehind: () => readdirSync(temporary),
    close: async () => {
      await doubles.close();
      rmSync(work, { recursive: true, force: true });
    },
  };
}

/** The words before kubectl's own, and its own; undefined where it is another program. */
function splitKubectl({ program, args }: Call): [string[], readonly string[] | undefined] {
  if (program === 'kubectl') return [[program], args];
  if ((program === 'k3s' || program === 'microk8s') && args[0] === 'kubectl')
    return [[program, 'kubectl'], args.slice(1)];
  if (program === 'minikube' && args[0] === 'kubectl') return [[program, 'kubectl', '--'], args.slice(2)];
  return [[program], undefined];
}

const changing = [
  /kubectl (-- )?(apply|create -f|delete|annotate|patch|label|replace|scale|rollout restart|edit)\b/,
  /^helm( --kube-context \S+)? (upgrade|install|uninstall)\b(?!.*--dry-run)/,
  /^(docker|podman|buildah) (build|save|push|stop|rm|rmi)\b/,
  /^docker compose .*\b(up|down|run|rm)\b/,
  /\b(ctr images? import|image load|load image-archive)\b/,
];

function isChange(line: string): boolean {
  return changing.some((pattern) => pattern.test(line));
}
