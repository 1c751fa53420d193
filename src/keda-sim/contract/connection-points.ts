import type { Examined } from './examined.ts';
import { connectSubject } from './subject.ts';
import { fails, passes, type Verdict } from './verdict.ts';

/** Point 12: the connection KEDA would make carries the answers, and asks for the certificate that was given. */
export async function connects({ options, subject, others }: Examined): Promise<Verdict> {
  const asked = await subject.spec();
  const where = others.length === 0 ? '' : `, round_robin over ${1 + others.length} addresses`;
  if (asked.kind === 'error' && asked.code === 'UNAVAILABLE')
    return fails(`the connection broke: ${asked.details}`);
  const { ca, client } = options.certificates;
  const metadata = options.ref.scalerMetadata ?? {};
  if (client === undefined) {
    const isTls = ca !== undefined || metadata['enableTLS'] === 'true';
    return passes(`${isTls ? 'TLS' : 'plaintext'}${where}`);
  }
  const stranger = { ...options, certificates: ca === undefined ? {} : { ca } };
  const refused = await connectSubject(stranger).then(
    async (connected) => {
      const answer = await connected.spec();
      connected.close();
      return answer.kind === 'error' && answer.code === 'UNAVAILABLE';
    },
    () => true,
  );
  return refused
    ? passes(`mutual TLS${where}; without the client certificate there is no connection`)
    : fails('the scaler answers without the client certificate too');
}
