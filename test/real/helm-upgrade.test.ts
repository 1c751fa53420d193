import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../tools/programs/find-program.ts';
import { runTool } from '../../tools/programs/run-tool.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../tools/temporary-folder.ts';
import { chartFolder } from '../k8s/rendered.ts';
import { projectRoot } from '../repository/project-files.ts';
import { type ApiServer, apiServerPrograms, startApiServer } from './api-server.ts';
import { skippedNote, whyMissing, whyNotInstalled } from './real-programs.ts';
import { mustSucceed } from './server-dry-run.ts';

const patienceMs = 300_000;
const missing = (await whyMissing('helm')) ?? (await whyNotInstalled(apiServerPrograms));

describe.skipIf(missing)(
  `helm upgrade on a real API server${skippedNote(missing)}`,
  { timeout: patienceMs },
  () => {
    let server: ApiServer;
    let temporary: TemporaryFolder;
    beforeAll(async () => {
      server = await startApiServer();
      temporary = await openTemporaryFolder('forescale-helm');
    }, patienceMs);
    afterAll(async () => {
      await server?.stop();
      await temporary?.remove();
    });

    async function helm(...args: readonly string[]): Promise<string> {
      const { path } = await findProgram('helm', process.env);
      const env = { ...process.env, KUBECONFIG: server.adminKubeconfig, HELM_CACHE_HOME: temporary.path };
      const release = [...args, '--namespace', 'forescale'];
      return runTool(path, release, { cwd: projectRoot, env, timeoutMs: patienceMs });
    }
    const upgrade = (...args: readonly string[]) =>
      helm('upgrade', '--install', 'forescale', chartFolder, '--create-namespace', ...args);
    const get = (...args: readonly string[]) =>
      mustSucceed(server.kubectl, ['get', '--namespace=forescale', ...args]);
    const generation = () => get('deployment', 'forescale', '--output=jsonpath={.metadata.generation}');

    it('installs the chart, and changes no pod when the same is installed again', async () => {
      await upgrade();
      expect(await generation()).toBe('1');
      await upgrade();
      expect(await generation()).toBe('1');
      await upgrade('--set', 'config.limits.workloads=5');
      expect(await generation()).toBe('2');
    });

    it('goes back to the revision before', async () => {
      const before = await get('configmap', 'forescale', '--output=jsonpath={.data}');
      await helm('rollback', 'forescale', '2');
      expect(before).toContain('workloads: 5');
      expect(await get('configmap', 'forescale', '--output=jsonpath={.data}')).toContain('workloads: 1000');
    });

    it('refuses a value of a former version before anything changes', async () => {
      const before = await generation();
      await expect(upgrade('--set', 'apiToken.generate=true')).rejects.toThrow(
        /apiToken\.generate was removed/,
      );
      expect(await generation()).toBe(before);
    });

    it('keeps the Secret of a token that Helm made, once it is annotated as docs/upgrading.md says', async () => {
      const secret = (name: string) => ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace: 'forescale' },
        stringData: { token: 'made-by-helm' },
      });
      const values = join(temporary.path, 'values.yaml');
      const extraObjects = [secret('forescale-api-token'), secret('not-annotated')];
      writeFileSync(values, JSON.stringify({ extraObjects }));
      await upgrade('--values', values);
      const annotate = ['annotate', '--namespace=forescale', 'secret', 'forescale-api-token'];
      await mustSucceed(server.kubectl, [...annotate, 'helm.sh/resource-policy=keep']);
      await upgrade('--set', 'apiToken.existingSecret=forescale-api-token');
      const secrets = await get('secrets', '--output=name', '--field-selector=type=Opaque');
      expect(secrets.trim().split('\n')).toEqual(['secret/forescale-api-token']);
    });
  },
);
