import { Agent, request } from 'undici';
import { check, conclude, expect } from './checks.ts';
import { judgeScaledObjects, judgeTargets, judgeWorkloads } from './judge.ts';
import { forward } from './ports.ts';
import { StackError } from './processes.ts';
import { needCluster, type Session } from './session.ts';
import { ours } from './tables.ts';

const logsRemedy = './stack logs COMPONENT says more';
const wholeChain = '["app-a","app-b","app-c"]';

/** Asks the parts of what is deployed as their users do. Kubelet and KEDA report on gRPC: a scaler that does not answer is not ready. */
export async function test(session: Session): Promise<void> {
  const { target, cluster, options } = session;
  await needCluster(session);
  const checks = await check({
    workloads: async () => judgeWorkloads(await cluster.list('deployments,statefulsets', '-A', '-l', ours)),
    'scaled-objects': async () => judgeScaledObjects(await cluster.list('scaledobjects', '-A', '-l', ours)),
    async chain() {
      const port = await forward(session, 'app');
      let answer = '';
      // The app answers errors at times, by design, so it is asked more than once.
      for (let tries = 0; tries < 5 && answer !== wholeChain; tries++) {
        answer = await ask(port, '/process', '[]').catch(({ message }: Error) => message);
      }
      return expect(answer === wholeChain, answer, logsRemedy);
    },
    async prometheus() {
      return judgeTargets(await ask(await forward(session, 'prometheus'), '/api/v1/targets?state=active'));
    },
    async api() {
      const port = await forward(session, 'api');
      await ask(port, '/readyz');
      const answer = await ask(port, '/api/v1/workloads');
      return expect(answer.includes('"workloads"'), 'ready, and /api/v1/workloads answers', logsRemedy);
    },
    async grafana() {
      const deployed = await cluster.find('deployment', 'grafana', 'monitoring');
      // Scaled to zero where its image cannot be had.
      if (deployed?.spec?.replicas === 0) return undefined;
      const answer = await ask(await forward(session, 'grafana'), '/api/health');
      return expect(/"database": *"ok"/.test(answer), answer, logsRemedy);
    },
  });
  conclude(checks, { target, context: cluster.context }, options.json);
}

/** A certificate is for the name of the server, not for a forwarded port of this machine. */
const dispatcher = new Agent({
  connect: { rejectUnauthorized: false },
  headersTimeout: 15_000,
  bodyTimeout: 15_000,
});

/** The body of an answer of a server on this machine, by HTTP or else by HTTPS. Rejects where the status is not 2xx. */
async function ask(port: number, path: string, body?: string): Promise<string> {
  const sent = body === undefined ? {} : { method: 'POST' as const, body };
  const send = (scheme: string) => request(`${scheme}://127.0.0.1:${port}${path}`, { dispatcher, ...sent });
  const answer = await send('http').catch(() => send('https'));
  const text = (await answer.body.text()).trim();
  if (answer.statusCode < 300) return text;
  throw new StackError(`${path} answers ${answer.statusCode}: ${text.slice(0, 200)}`, logsRemedy);
}
