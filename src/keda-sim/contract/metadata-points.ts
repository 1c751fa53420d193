import type { ScaledObjectRef } from '../../platform/protocol/external-scaler.ts';
import type { Examined } from './examined.ts';
import { fails, notApplicable, passes, type Verdict, verdictOf } from './verdict.ts';
import { inWords } from './words.ts';

/** Point 6: metadata that cannot work is refused by all three, with a text that KEDA can show. */
export async function badMetadataIsRefused({ subject, specs }: Examined): Promise<Verdict> {
  const ref = { ...subject.ref, scalerMetadata: {} };
  const answers = [
    ['GetMetricSpec', await subject.spec(ref)],
    ['GetMetrics', await subject.metrics(specs[0]?.metricName ?? '', ref)],
    ['IsActive', await subject.isActive(ref)],
  ] as const;
  if (answers.every(([, { kind }]) => kind === 'answer'))
    return notApplicable('the scaler answers without any metadata, so that none can be missing');
  const faults = answers.map(([rpc, asked]) => {
    if (asked.kind === 'error' && asked.code === 'INVALID_ARGUMENT' && asked.details !== '') return undefined;
    return `without metadata ${inWords(rpc, asked)}; INVALID_ARGUMENT and a text would say what is wrong`;
  });
  const [, first] = answers[0];
  return verdictOf(faults, first.kind === 'error' ? `INVALID_ARGUMENT: ${first.details}` : '');
}

/** Point 9: keys of others are ignored, and a key that KEDA resolved from the environment counts as the key. */
export async function oddKeysAreTaken({ subject }: Examined): Promise<Verdict> {
  const metadata = subject.ref.scalerMetadata ?? {};
  const withKeys = (scalerMetadata: Record<string, string>): ScaledObjectRef => ({
    ...subject.ref,
    scalerMetadata,
  });
  const plain = await subject.spec();
  const unknown = await subject.spec(withKeys({ ...metadata, keyOfAnotherScaler: 'x' }));
  const said = (asked: typeof plain) => (asked.kind === 'answer' ? JSON.stringify(asked.answer) : undefined);
  if (plain.kind === 'error') return fails(inWords('GetMetricSpec', plain));
  if (said(unknown) !== said(plain)) return fails(`with an unknown key ${inWords('GetMetricSpec', unknown)}`);

  const understood: string[] = [];
  const refused: string[] = [];
  for (const [key, value] of Object.entries(metadata)) {
    const { [key]: _, ...without } = metadata;
    // Only of a key that the scaler needs can it be told whether it was understood.
    if ((await subject.spec(withKeys(without))).kind === 'answer') continue;
    const name = `${key}FromEnv`;
    const fromEnv = await subject.spec(withKeys({ ...without, [name]: value }));
    if (said(fromEnv) === said(plain)) understood.push(name);
    else refused.push(`with ${name} ${inWords('GetMetricSpec', fromEnv)}`);
  }
  // A scaler may refuse to take some key from the environment, and then says so.
  if (understood.length === 0 && refused.length > 0) return fails(refused.join('; '));
  const seen =
    understood.length === 0
      ? 'no key is required, so that no …FromEnv could be tried'
      : [understood.join(', '), ...refused].join('; ');
  return passes(`an unknown key is ignored; understood: ${seen}`);
}
