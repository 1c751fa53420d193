import type { Kubectl } from '../../../tools/cluster/kubectl.ts';
import { withVariables } from '../../../tools/stack/jobs.ts';
import type { Container } from '../../../tools/stack/objects.ts';
import { mustSucceed } from '../../real/server-dry-run.ts';
import { namespace } from './scaled-objects.ts';
import { loadSettings } from './scenario.ts';

interface JobObject {
  readonly spec: { readonly template: { readonly spec: { containers: readonly Container[] } } };
}

/** What k6 counted of its own requests to a fleet. */
export interface LoadCount {
  readonly sent: number;
  readonly failed: number;
  /** Arrivals that were not sent, because the machine or the app was too slow. */
  readonly dropped: number;
}

/** Starts the load of the week for a fleet, as `./stack load` does: a Job of the suspended CronJob with other variables. */
export async function startLoad(
  kubectl: Kubectl,
  app: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const name = jobOf(app);
  const from = ['--from=cronjob/load-week', '--dry-run=client', '-o', 'json'];
  const job = JSON.parse(
    await mustSucceed(kubectl, ['create', 'job', name, '-n', namespace, ...from]),
  ) as JobObject;
  const variables = {
    LOAD_URL: `http://${app}.${namespace}.svc.cluster.local:8000`,
    ...loadSettings,
    ...more,
  };
  const words = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
  const { spec } = job.spec.template;
  spec.containers = spec.containers.map((container) => withVariables(container, words));
  await mustSucceed(kubectl, ['create', '-f', '-'], JSON.stringify(job));
}

const jobOf = (app: string) => `load-${app}`;

/** The log of a fleet's load, each line with its time. */
export const loadLog = (kubectl: Kubectl, app: string): Promise<string> =>
  mustSucceed(kubectl, ['logs', `job/${jobOf(app)}`, '-n', namespace, '--timestamps']).catch(() => '');

/**
 * When the load began, unix seconds, from k6's own progress in its log (`load [ 27% ] 00/09 VUs 0.8s/3s`); undefined before there is
 * any.
 */
export function beganAt(log: string): number | undefined {
  const [, time = '', minutes = '0', seconds = ''] =
    /^(\S+) load +\[ +\d+% \] \S+ VUs +(?:(\d+)m)?([\d.]+)s\//m.exec(log) ?? [];
  return time === '' ? undefined : Date.parse(time) / 1000 - Number(minutes) * 60 - Number(seconds);
}

/** The counts of the summary that k6 prints at its end; undefined before. */
export function countOf(log: string): LoadCount | undefined {
  const [, dropped] = /iterations, (\d+) dropped$/m.exec(log) ?? [];
  const [, passed, failed] = /POST \/process answers 200 +(\d+) +(\d+)$/m.exec(log) ?? [];
  if (dropped === undefined || passed === undefined || failed === undefined) return undefined;
  return { sent: Number(passed) + Number(failed), failed: Number(failed), dropped: Number(dropped) };
}
