import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyMissing } from '../real/real-programs.ts';
import { type ServeProcess, startServeProcess } from '../real/serve-process.ts';
import { projectRoot } from '../repository/project-files.ts';
import { chartObjects } from './chart.ts';
import { workloadsOf } from './workload.ts';

const run = promisify(execFile);
const missing = await whyMissing('helm');

/** What the pods of `helm test` run, as the chart renders it: started by node in the project's folder, as in the image. */
async function runTestPod(name: string, env: Record<string, string>): Promise<string> {
  const pods = workloadsOf(await chartObjects('default')).filter(({ manifest }) => manifest.kind === 'Pod');
  const [container] = pods.flatMap(({ pod }) => pod.containers).filter((one) => one.name === name);
  const { args } = container as unknown as { args: string[] };
  const { stdout } = await run(process.execPath, args, { cwd: projectRoot, env: { ...process.env, ...env } });
  return stdout;
}

describe.skipIf(missing)('a pod of helm test (needs helm)', () => {
  let serve: ServeProcess;
  beforeAll(async () => {
    serve = await startServeProcess('http://127.0.0.1:9');
  });
  afterAll(() => serve.stop());

  const nowhere = {
    TEST_GRPC_ADDRESS: '127.0.0.1:9',
    TEST_HTTP_URL: 'http://127.0.0.1:9',
    TEST_TLS: 'false',
  };

  it('finds that gRPC answers as KEDA wants it', async () => {
    const env = { ...nowhere, TEST_GRPC_ADDRESS: `127.0.0.1:${serve.grpcPort}` };
    expect(await runTestPod('grpc', env)).toBe('GetMetricSpec: the target is 10\nHealth: SERVING\n');
  });

  it('finds that the API answers', async () => {
    const said = await runTestPod('api', { ...nowhere, TEST_HTTP_URL: serve.httpUrl });
    expect(said.trim().split('\n')).toHaveLength(5);
    expect(said).toMatch(/^\/readyz: 200$/m);
  });

  it.each(['grpc', 'api'])('fails where nothing answers: %s', async (name) => {
    await expect(runTestPod(name, nowhere)).rejects.toMatchObject({ code: 1 });
  });
});
