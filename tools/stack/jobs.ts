import type { Options } from './command-line.ts';
import { type Container, type KubeObject, namesOf } from './objects.ts';
import { StackError, say, show, UsageError } from './processes.ts';
import { change, confirmContext, type Session, send } from './session.ts';
import { loadScripts, ours } from './tables.ts';

const namespace = 'telemetry-app';

/** Starts a load test in the cluster, as a Job that goes on when this terminal closes; `stop` ends it. */
export async function load(session: Session): Promise<void> {
  const { cluster, options, words } = session;
  const [script = 'week', ...variables] = words[0]?.includes('=') === true ? ['week', ...words] : words;
  if (script !== 'stop' && !loadScripts.includes(script)) {
    throw new UsageError(`there is no load "${script}"`, `give ${loadScripts.join(', ')} or stop`);
  }
  const wrong = variables.find((word) => !/^LOAD_[A-Z0-9_]+=/.test(word));
  if (wrong !== undefined) throw new UsageError(`"${wrong}" is not LOAD_…=value`, 'see docs/load-tests.md');
  await confirmContext(session);
  if (script === 'stop') {
    const running = await unfinished(session);
    if (running.length === 0) return say('no load runs');
    return change(options, cluster.command('delete', 'jobs', '-n', namespace, ...running));
  }
  const name = await startJob(session, `load-${script}`, (container) => withVariables(container, variables));
  say(`${name}: ./stack logs load --follow shows it, ./stack load stop ends it`);
}

/** Writes history of app-a into Prometheus, from inside the cluster, and waits for the end. */
export async function seed(session: Session): Promise<void> {
  const { cluster, options } = session;
  await confirmContext(session);
  const edit = (container: Container) => ({ ...container, args: seedArguments(container.args, options) });
  const job = [`job/${await startJob(session, 'seed', edit)}`, '-n', namespace];
  if (options.dryRun === true) return;
  // Ends with the container, which the Job gives a deadline.
  const logs = cluster.command('logs', ...job, '--follow', '--pod-running-timeout=5m');
  await show(logs, undefined, 1).catch(() => undefined);
  await show(cluster.command('wait', ...job, '--for=condition=Complete', '--timeout=30s')).catch(() => {
    throw new StackError(
      'the history was not written',
      './stack logs load and ./stack logs prometheus say why',
    );
  });
  say(
    'the scaler reads it within minutes; kubectl rollout restart deployment/forescale -n forescale: at once',
  );
}

/** A container with other values of environment variables. */
export function withVariables(container: Container, variables: readonly string[]): Container {
  const given = variables.map((one) => ({ name: one.replace(/=.*/s, ''), value: one.replace(/^.*?=/s, '') }));
  const others = (container.env ?? []).filter(({ name }) => !given.some((one) => one.name === name));
  return { ...container, env: [...others, ...given] };
}

/** Arguments of `forescale seed` with other values of --days and --peak. */
export const seedArguments = (args: readonly string[] = [], { days = '$1', peak = '$1' }: Options) =>
  args.map((arg) => arg.replace(/^--days=(.*)/, `--days=${days}`).replace(/^--peak=(.*)/, `--peak=${peak}`));

/** Names of the Jobs of load and seed that have not ended. */
async function unfinished({ cluster }: Session): Promise<readonly string[]> {
  const jobs = await cluster.list('jobs', '-n', namespace, '-l', `${ours},app.kubernetes.io/component=load`);
  return namesOf(jobs.filter(({ status }) => (status?.succeeded ?? 0) + (status?.failed ?? 0) === 0));
}

type Edit = (container: Container) => Container;

/** Creates the Job that a suspended CronJob of k8s/components/load would make, edited; resolves with its name. */
async function startJob(session: Session, cronJob: string, edit: Edit): Promise<string> {
  const { cluster, target } = session;
  const running = await unfinished(session);
  if (running.length > 0) throw new StackError(`${running[0]} has not ended`, './stack load stop ends it');
  if ((await cluster.find('cronjob', cronJob, namespace)) === undefined) {
    throw new StackError(`there is no CronJob ${namespace}/${cronJob}`, `./stack deploy --target ${target}`);
  }
  const name = `${cronJob}-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`;
  const from = ['-n', namespace, `--from=cronjob/${cronJob}`, '--dry-run=client', '-o', 'json'];
  const job = JSON.parse(await cluster.read('create', 'job', name, ...from)) as KubeObject;
  const pod = job.spec?.template?.spec;
  if (pod !== undefined) pod.containers = pod.containers.map(edit);
  await send(session, ['create'], [job]);
  return name;
}
