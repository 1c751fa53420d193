import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { catchInterrupt, interruptedExitCode } from '../../src/platform/process/interrupt.ts';
import { type ImageName, imageArchive, imageNames } from '../images/image-archive.ts';
import { isFreePort } from '../programs/free-port.ts';
import { doors, localContext } from '../stack/tables.ts';
import { kubectlHint } from './kubectl-hint.ts';
import { type Cluster, nodePort, startCluster } from './start-cluster.ts';
import { whyNoCluster } from './why-no-cluster.ts';

/** `make cluster`: keeps a cluster of one node up until Ctrl-C, and says how it is reached. */
const examples = `
Examples:
  make cluster
  make cluster CLUSTER_ARGS="--image all"
  make cluster CLUSTER_ARGS="--image forescale k6 other.tar --sync-period 5s"
  KUBECONFIG=/tmp/forescale-cluster-…/kubeconfig kubectl get pods -A      (in another terminal)

Exit codes: 0 ended by Ctrl-C, 1 not started or ended by itself, 2 wrong command line, 130 Ctrl-C while it started.`;

interface Options {
  readonly image: readonly string[];
  readonly syncPeriod: string;
  readonly context: string;
}

const program = new Command('make cluster')
  .description(
    'Starts a Kubernetes cluster of one real node in namespaces of its own and keeps it up until Ctrl-C.',
  )
  .option(
    '--image <which...>',
    'bring these images: archives as `docker save` writes them, names of `make images`, or all of those',
    [],
  )
  .option('--sync-period <duration>', 'time between two looks of the HorizontalPodAutoscaler', '15s')
  .option('--context <name>', 'name of the context in the kubeconfig', localContext)
  .addHelpText('after', examples)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

const say = (text: string) => void process.stderr.write(`${text}\n`);
const { signal } = catchInterrupt();
process.exitCode = await keepUp(program.opts<Options>());

async function keepUp({ image, syncPeriod, context }: Options): Promise<number> {
  const lacking = image.filter((one) => one !== 'all' && imageOf(one) === undefined && !existsSync(one));
  if (lacking.length > 0) {
    say(`neither an archive nor an image of \`make images\`: ${lacking.join(', ')}`);
    return 2;
  }
  const why = await whyNoCluster(process.env);
  if (why !== undefined) {
    say(`no cluster can be started here: ${why}`);
    return 1;
  }
  signal.addEventListener('abort', () => say('ending the cluster'));
  try {
    const cluster = await startCluster({ env: process.env, syncPeriod, context, signal, onProgress: say });
    return await keepUntilEnd(cluster, image).finally(cluster.stop);
  } catch (error) {
    if (signal.aborted) return interruptedExitCode;
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

/** Resolves with the exit code: 0 after Ctrl-C, 1 where the cluster ended by itself. */
async function keepUntilEnd(cluster: Cluster, images: readonly string[]): Promise<number> {
  for (const wanted of images.includes('all') ? imageNames : images) {
    const name = imageOf(wanted);
    say(`importing ${wanted}`);
    await cluster.importImage(name === undefined ? wanted : (await imageArchive(name, process.env)).file);
  }
  await forwardDoors(cluster);
  say(`ready after ${Math.round(performance.now() / 1000)} s; Ctrl-C ends it. In another terminal:`);
  console.log(`export KUBECONFIG=${cluster.kubeconfig}`);
  const hint = await kubectlHint(process.env);
  if (hint !== undefined) console.log(hint);
  const end = await Promise.race([cluster.ended, aborted()]);
  if (end === 'aborted') return 0;
  say(`the cluster ended: ${end}`);
  return 1;
}

function imageOf(name: string): ImageName | undefined {
  return imageNames.find((one) => one === name);
}

/** Leads the ports of the node on which the overlays publish pages to the same ports of this machine. */
async function forwardDoors(cluster: Cluster): Promise<void> {
  for (const [name, { nodePort: port, path }] of Object.entries(doors)) {
    if (await isFreePort(port)) {
      await cluster.forward(nodePort(port), port);
      say(`${name.padEnd(12)} http://127.0.0.1:${port}${path} once it is deployed`);
    } else say(`${name.padEnd(12)} port ${port} of this machine is taken`);
  }
}

function aborted(): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
}
