import { describe, expect, it } from 'vitest';
import { ofKind } from '../../tools/stack/objects.ts';
import { roomNeeded } from '../../tools/stack/room.ts';
import { partOf, targets } from '../../tools/stack/tables.ts';
import { parseManifests } from '../k8s/manifest.ts';
import { render } from '../k8s/rendered.ts';
import { whyMissing } from '../real/real-programs.ts';
import { readDocument, section, tableRows } from '../repository/markdown.ts';

const missing = await whyMissing('kustomize');

describe.skipIf(missing)(`the overlays${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  it.each(targets)('%s is as large as the document says, and carries our label', async (target) => {
    const text = await render({ source: `k8s/overlays/${target}`, program: 'kustomize' });
    const manifests = parseManifests(text) as readonly ReturnType<typeof ofKind>[number][];
    const { cpu, memory } = roomNeeded(manifests);
    const claims = /volumeClaimTemplates:.*?storage: (\w+)/s.exec(text)?.[1];
    const [scaler] = ofKind(manifests, 'Deployment').filter(({ metadata }) => metadata.name === 'forescale');
    const row = [
      `${Math.round(cpu * 1000)}m`,
      `${memory / 2 ** 20}Mi`,
      claims,
      String(scaler?.spec?.replicas),
    ];
    const table = tableRows(section(readDocument('docs/kubernetes.md'), 'How large'));
    expect(table).toContainEqual([`\`${target}\``, ...row]);
    // What the label does not reach would stay behind for ever.
    expect(manifests.filter(({ metadata }) => metadata.labels?.[partOf] !== 'forescale')).toEqual([]);
  });
});
