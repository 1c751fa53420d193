import { afterAll, beforeAll, describe } from 'vitest';
import { type Cluster, startCluster } from '../../tools/cluster/start-cluster.ts';
import { whyNoCluster } from '../../tools/cluster/why-no-cluster.ts';
import { imageArchive } from '../../tools/images/image-archive.ts';
import { skippedNote, whyNotInstalled } from '../real/real-programs.ts';
import { openPlay, type Play } from './play/play.ts';
import { preferPods } from './play/prefer-pods.ts';
import { scenario } from './play/scenario.ts';
import { context } from './play/showcase.ts';
import { agreeTest, doorTests, guardTests } from './seen/access-tests.ts';
import { faultTests } from './seen/fault-tests.ts';
import { createFindings } from './seen/findings.ts';
import { helmTest } from './seen/helm-tests.ts';
import { forecastTest, rampTest, shedTest } from './seen/ramp-tests.ts';
import { record } from './seen/recording.ts';
import { restartTest } from './seen/restart-tests.ts';
import { leadTimeTest, zeroTest } from './seen/zero-tests.ts';

const images = [
  ...(['forescale', 'keda', 'keda-metrics-apiserver', 'keda-admission-webhooks'] as const),
  ...(['kube-state-metrics', 'prometheus', 'k6'] as const),
];
const missing =
  (await whyNoCluster(process.env)) ??
  (await whyNotInstalled([
    'keda-operator',
    'keda-adapter',
    'keda-webhooks',
    'kube-state-metrics',
    'prometheus-3',
    'k6',
    'helm',
  ]));

/** CI plays the morning alone: deploy, scale ahead, restart. */
const isCore = process.env['FORESCALE_CLUSTER'] === 'core';
const coreDays = (scenario.coreUntilHour - scenario.startHour) / 24;
const patienceMs = 900_000;

/** The tests follow a simulated day and a half: each begins where the one before it has left the cluster. */
const title = `Forescale in a real cluster, ${isCore ? 'one morning' : 'a day and a half'}${skippedNote(missing)}`;
describe.skipIf(missing)(title, { timeout: patienceMs }, () => {
  const findings = createFindings();
  let cluster: Cluster;
  let opened: Play | undefined;
  const play = (): Play => {
    if (opened === undefined) throw new Error('nothing is played');
    return opened;
  };

  beforeAll(async () => {
    const began = performance.now();
    cluster = await startCluster({
      env: process.env,
      context,
      syncPeriod: `${scenario.hpaSyncSeconds}s`,
      onProgress: findings.say,
    });
    preferPods(cluster.folder);
    for (const name of images) await cluster.importImage((await imageArchive(name, process.env)).file);
    findings.say(
      `the node is ready and has ${images.length} images after ${((performance.now() - began) / 1000).toFixed(0)} s`,
    );
    opened = await openPlay(
      cluster.kubectl,
      cluster.kubeconfig,
      isCore ? coreDays : scenario.days,
      findings.say,
    );
  }, patienceMs);

  afterAll(async () => {
    if (opened !== undefined) await record(opened, [3, isCore ? scenario.coreUntilHour : 36], findings.all);
    await opened?.stop();
    await cluster?.stop();
  }, patienceMs);

  forecastTest(play, findings);
  rampTest(play, findings, 0);
  restartTest(play, findings);
  shedTest(play, findings, isCore ? 'shed' : 'shed by noon');
  agreeTest(play, findings);
  if (!isCore) {
    doorTests(play, () => cluster, findings);
    guardTests(play, findings);
    faultTests(play, findings);
    zeroTest(play, findings);
    rampTest(play, findings, 1);
    shedTest(play, findings, 'shed');
    helmTest(play, () => cluster, findings);
    leadTimeTest(play, findings);
  }
});
