import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ownCommand, runAlone } from '../../src/cli/own-program.ts';
import { kedaRelease, kedaReleasePath } from './keda-release.ts';

await runAlone(
  ownCommand({
    name: 'keda-manifests',
    description: "write KEDA's manifests for k8s/components/keda",
    flags: {},
    notes: 'test/k8s/keda-manifests.test.ts fails where they are stale.',
    examples: ['npm run keda-manifests'],
    act: async (_, { env, signal, stdout }) => {
      const manifests = await kedaRelease(env, { signal });
      writeFileSync(fileURLToPath(new URL(`../../${kedaReleasePath}`, import.meta.url)), manifests);
      stdout(`${kedaReleasePath}\n`);
    },
  }),
);
