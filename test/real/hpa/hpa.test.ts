import { describe, expect, it } from 'vitest';
import { hasOpenssl } from '../../../tools/certificates.ts';
import { replayHpa } from '../../pure/controllers/hpa-recording.ts';
import { apiServerPrograms } from '../api-server.ts';
import { skippedNote, whyNotInstalled } from '../real-programs.ts';
import { recordHpa } from './record-hpa.ts';

const missing =
  (await whyNotInstalled([...apiServerPrograms, 'kube-controller-manager'])) ??
  (hasOpenssl ? undefined : 'this machine has no openssl');

/** Enough to see every behaviour at work; the recording of test/pure/controllers is longer. */
const syncs = 30;

const title = `a real HPA controller${skippedNote(missing)}`;
describe.skipIf(missing)(title, { timeout: 400_000 }, () => {
  it('takes the steps that virtual time foretells', async () => {
    const { runs } = await recordHpa(syncs);
    const replayed = runs.map(replayHpa);
    const wrong = replayed.reduce((sum, one) => sum + one.wrong.length, 0);
    expect(replayed.reduce((sum, one) => sum + one.changes, 0)).toBeGreaterThan(30);
    expect(wrong / (syncs * runs.length)).toBeLessThanOrEqual(0.01);
  });
});
