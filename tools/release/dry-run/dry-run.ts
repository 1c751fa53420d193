import { openTemporaryFolder } from '../../temporary-folder.ts';
import type { Release } from '../release.ts';
import { type StepName, steps } from '../steps/index.ts';
import { readPushed } from '../steps/push.ts';
import { artefactsOf, compareBuilds, comparePlatforms } from './compare.ts';
import { startRegistry } from './loopback-registry.ts';
import { openOut } from './open-out.ts';
import { signWithOwnKey } from './own-key.ts';
import { resultTable } from './result-table.ts';
import { tryChart } from './try-chart.ts';
import { tryCluster } from './try-cluster.ts';
import { tryPackage } from './try-package.ts';

const building = ['package', 'chart', 'image', 'sbom'] as const satisfies readonly StepName[];

/**
 * Makes a whole release on this machine, by the steps of the workflow: builds everything twice and compares, pushes to a registry
 * on loopback, signs with a key of its own, pulls again, and installs what it has pulled, in a cluster too where one can be started.
 * Resolves with a table of what was made and what was not tried. Nothing is published, and nothing is left but `out`.
 */
export async function dryRun(wanted: Release): Promise<string> {
  openOut(wanted.out);
  const registry = await startRegistry(wanted.env, wanted.signal);
  console.error(`registry …\n  ${registry.host}`);
  const again = await openTemporaryFolder('forescale-release-again');
  // A dry run asks nobody's registry, whatever token is about.
  const env = { ...wanted.env, GITHUB_TOKEN: undefined, GITHUB_OUTPUT: undefined };
  const release: Release = { ...wanted, env, registry: registry.host };
  try {
    await step('check', () => steps.check.run(release));
    for (const name of building) await step(name, () => steps[name].run(release));
    const second = { ...release, out: again.path };
    for (const name of building) await step(`${name}, again`, () => steps[name].run(second));
    const artefacts = artefactsOf(release);
    await step('compare', async () => {
      compareBuilds(artefacts, artefactsOf(second));
      comparePlatforms(release);
      return 'both builds have the same digests, and both platforms the same layer';
    });
    await step('notes', () => steps.notes.run(release));
    await step('push', () => steps.push.run(release));
    await step('sign', () => signWithOwnKey(release));
    await step('verify', () => steps.verify.run(release));
    await step('chart from the registry', () => tryChart(release));
    await step('package in an empty folder', () => tryPackage(release));
    await step('chart and image in a cluster', () => tryCluster(release));
    await step('publish-package', () => steps['publish-package'].run(release));
    await step('publish-notes', () => steps['publish-notes'].run(release));
    return resultTable(artefacts, readPushed(release).chart.digest);
  } finally {
    await again.remove();
    await registry.stop();
  }
}

/** Says what is done and how long it took, because some steps take minutes. */
async function step(name: string, act: () => Promise<string>): Promise<void> {
  const startMs = performance.now();
  console.error(`${name} …`);
  const done = await act();
  console.error(`  ${done}\n  ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
}
