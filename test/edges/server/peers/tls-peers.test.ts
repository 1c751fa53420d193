import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/platform/clock.ts';
import { silentLogger } from '../../../../src/platform/log.ts';
import { openCertificateFiles } from '../../../../src/platform/tls/certificate-files.ts';
import { askPeer } from '../../../../src/server/peers/ask-peer.ts';
import type { RunningServer } from '../../../../src/server/start.ts';
import { type CertificateFilePair, hasOpenssl, selfSigned } from '../../../../tools/certificates.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../../tools/temporary-folder.ts';
import { startTestServer } from '../../../real/integration/running.ts';

describe.skipIf(!hasOpenssl)('replicas that speak TLS (needs openssl)', () => {
  let folder: TemporaryFolder;
  let own: CertificateFilePair;
  let other: CertificateFilePair;
  let server: RunningServer | undefined;
  beforeAll(async () => {
    folder = await openTemporaryFolder('forescale-tls-peers');
    own = selfSigned(folder.path, 'own');
    other = selfSigned(folder.path, 'other');
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  afterAll(() => folder?.remove());

  /** What a replica with one certificate is told by a replica with the certificate `own`, by another name than it is for. */
  async function asked(pair: CertificateFilePair | undefined): Promise<string> {
    server = await startTestServer(undefined, '', { tls: { ...own, clientCaFile: undefined } });
    const { port } = new URL(server.httpUrl);
    const peer = { url: `https://forescale-peers:${port}`, address: '127.0.0.1', family: 4 };
    const certificates =
      pair &&
      (await openCertificateFiles(
        { ...pair, clientCaFile: undefined },
        { clock: systemClock, log: silentLogger },
      ));
    return askPeer(
      peer,
      { token: undefined, certificates },
      { path: '/api/v1/peers/state', maxBytes: 10_000 },
    );
  }

  it('know one another by the certificate that they all serve, whatever name it is for', async () => {
    // A server on loopback tells a foreign name nothing without a token, so that the connection itself is what is tested.
    await expect(asked(own)).rejects.toThrow('it answers 401');
  });

  it('tell nothing, and are sent no token, where the certificate is another one or there is none', async () => {
    await expect(asked(other)).rejects.toThrow('it serves another certificate than this replica');
    await server?.close();
    await expect(asked(undefined)).rejects.toThrow('it serves another certificate than this replica');
  });
});
