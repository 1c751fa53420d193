import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kedaDefinitions, kedaReleases } from '../../tools/manifests/keda-releases.ts';
import { asFor, kedaObjects } from '../k8s/keda-objects.ts';
import { type ApiServer, apiServerPrograms, startApiServer } from './api-server.ts';
import { definitionsOf } from './custom-resources.ts';
import { expectNoted } from './keda-run.ts';
import { skippedNote, whyMissing, whyNotInstalled } from './real-programs.ts';
import { applyPrerequisites, dryRun } from './server-dry-run.ts';

const patienceMs = 300_000;
const unrendered = (await whyMissing('helm')) ?? (await whyMissing('kustomize'));
const missing = unrendered ?? (await whyNotInstalled(apiServerPrograms));

const title = `a real API server with the definitions of KEDA${skippedNote(missing)}`;
describe.skipIf(missing)(title, { timeout: patienceMs }, () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
  }, patienceMs);
  afterAll(() => server?.stop());

  describe.each(kedaReleases)('of $version', (release) => {
    beforeAll(async () => {
      await applyPrerequisites(server.kubectl, await definitionsOf(kedaDefinitions(release)));
    }, patienceMs);

    it('takes every object of KEDA that users apply', async () => {
      const objects = [...new Set(Object.values(await kedaObjects()).flat())];
      expect(objects.length).toBeGreaterThan(20);
      const asked = objects.map((manifest) => asFor(release, manifest));
      const { accepted, warnings, refusals } = await dryRun(server.kubectl, asked);
      expect({ warnings, refusals }).toEqual({ warnings: [], refusals: [] });
      expect(accepted).toHaveLength(objects.length);
    });

    it('refuses the field that it does not know, and only then', async () => {
      const objects = Object.values(await kedaObjects()).flat();
      const [withField] = objects.filter(({ spec }) =>
        JSON.stringify(spec?.['fallback'])?.includes('behavior'),
      );
      const { refusals } = await dryRun(server.kubectl, withField === undefined ? [] : [withField]);
      expect(refusals.join('\n')).toMatch(
        release.lacksFallbackBehavior === true ? /unknown field "spec\.fallback\.behavior"/ : /^$/,
      );
    });

    it('is a pair of versions that docs/kubernetes.md tells of', async ({ task }) => {
      await expectNoted('definitions', release.version, server, task);
    });
  });
});
