import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTemporaryFolder } from '../../tools/temporary-folder.ts';
import { projectRoot } from '../repository/project-files.ts';
import { eventually } from '../support/eventually.ts';
import { createKedaCaller } from './integration/scaler-client.ts';
import { skippedNote } from './real-programs.ts';
import { startServeProcess } from './serve-process.ts';
import { startFakePrometheus } from './tenants/fake-prometheus.ts';

/** A user as OpenShift's SCC restricted-v2 chooses it: without a name or a home, in no file of the image. */
const userAndGroup = 1_000_680_000;

function whyNotAnyUser(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may start programs as another user';
  const readable = spawnSync(process.execPath, ['--eval', ''], {
    cwd: projectRoot,
    uid: userAndGroup,
    gid: userAndGroup,
  });
  return readable.status === 0 ? undefined : 'another user may not read this checkout';
}
const why = whyNotAnyUser();

describe.skipIf(why !== undefined)(`a server as a user that nobody knows${skippedNote(why)}`, () => {
  it('answers, and keeps its record and its workloads in a volume of its group', async () => {
    const prometheus = await startFakePrometheus();
    const state = await openTemporaryFolder('forescale-any-user');
    // What the kubelet does to a volume for an fsGroup.
    chownSync(state.path, 0, userAndGroup);
    chmodSync(state.path, 0o2770);
    const server = await startServeProcess(prometheus.url, {
      flags: ['--state-dir', state.path],
      env: { HOME: '/' },
      userAndGroup,
    });
    const keda = createKedaCaller(server.grpcPort);
    try {
      const trigger = { query: 'app', threshold: '10', historyTimeWindow: '12h' };
      const value = await eventually(
        () => keda.value('app', trigger).catch(() => undefined),
        (told) => told !== undefined,
      );
      expect(value).toBeGreaterThan(0);
      const files = ['decisions.sqlite', 'known-workloads.ndjson'].map((name) => join(state.path, name));
      await eventually(
        () => Promise.resolve(files.filter((file) => existsSync(file))),
        (there) => there.length === files.length,
      );
      expect(files.map((file) => statSync(file).uid)).toEqual([userAndGroup, userAndGroup]);
      expect(server.output()).not.toMatch(/record-degraded|EACCES|EPERM/);
    } finally {
      keda.close();
      await server.stop();
      await prometheus.stop();
      await state.remove();
    }
  });
});
