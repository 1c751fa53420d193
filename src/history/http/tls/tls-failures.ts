import { connect } from 'node:tls';
import { within } from '../../../platform/deadline.ts';

/** Codes of Node and OpenSSL for an authority that is not known. */
const unknownAuthority =
  /^(?:UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(?:_LOCALLY)?)|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_UNTRUSTED|INVALID_CA)$/;
const noTls = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE|HTTP_REQUEST/;
const oldProtocol =
  /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|TLS_ALERT_INSUFFICIENT_SECURITY|NO_PROTOCOLS_AVAILABLE/;
const clientCertificate =
  /CERTIFICATE_REQUIRED|ALERT_(?:BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|CERTIFICATE_(?:EXPIRED|UNKNOWN|REVOKED))/;

/** Time for a look at a certificate, which is only for the message. */
const lookMs = 2_000;

/**
 * What went wrong in TLS and what helps, in a sentence; undefined where the failure has nothing to do with TLS. The facts are Node's:
 * the names in the certificate, its end.
 */
export async function tlsRemedy(address: string, code: string, cause: unknown): Promise<string | undefined> {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const { host, names } = namesIn(cause);
    return `the server's certificate is for ${names} and not for ${host}; use a name of the certificate in the address, or have ${host} added to it`;
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const dates = await datesOf(address);
    return code === 'CERT_HAS_EXPIRED'
      ? `the server's certificate ${dates === undefined ? 'has expired' : `expired at ${dates.to}`}; have it renewed, or compare the clocks`
      : `the server's certificate is valid only from ${dates?.from ?? 'a later time'} on; compare the clocks`;
  }
  if (unknownAuthority.test(code)) {
    return 'the authority of its certificate is not known here; give the certificates of that authority in tls.caFile (--ca-file), and have the server send its whole chain';
  }
  if (noTls.test(code) || (code === 'EPROTO' && noTls.test(textOf(cause)))) {
    return 'what listens there speaks no TLS; use http:// in the address, or the port for https';
  }
  if (oldProtocol.test(code))
    return 'the server has no version of TLS in common with this one, which needs 1.2 or newer';
  if (clientCertificate.test(code)) {
    return 'the server wants a client certificate, or refuses the one given; give tls.certFile with tls.keyFile (--cert-file, --key-file) of an authority it trusts';
  }
  // TLS 1.3 asks for a certificate when the connection stands already, so that only its end is seen.
  if (/^(?:UND_ERR_SOCKET|ECONNRESET)$/.test(code) && address.startsWith('https:')) {
    return 'the server ended the connection; check that it is well, and where it wants a client certificate give tls.certFile with tls.keyFile (--cert-file, --key-file)';
  }
  if (!/CERT|_TLS_|SSL|^EPROTO$/.test(code)) return undefined;
  return `TLS failed: ${textOf(cause)}; compare the certificate of the server with tls.caFile`;
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : '';
}

/** Node's error about a name has both the host and what the certificate says. */
function namesIn(cause: unknown): { readonly host: string; readonly names: string } {
  const { host, cert } = cause as {
    readonly host?: unknown;
    readonly cert?: { readonly subjectaltname?: unknown };
  };
  const names = typeof cert?.subjectaltname === 'string' ? cert.subjectaltname : 'no name of a host';
  return { host: typeof host === 'string' ? host : 'this host', names };
}

/** Start and end of the certificate that a server shows now. The connection is for looking alone: nothing is sent on it. */
async function datesOf(address: string): Promise<{ readonly from: string; readonly to: string } | undefined> {
  const { hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  const { promise, resolve, reject } = Promise.withResolvers<{ from: string; to: string }>();
  const socket = connect({
    host,
    port: port === '' ? 443 : Number(port),
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    rejectUnauthorized: false,
  });
  socket.on('error', reject);
  socket.on('secureConnect', () => {
    const { valid_from: from, valid_to: to } = socket.getPeerCertificate();
    resolve({ from: isoDate(from), to: isoDate(to) });
  });
  return within(lookMs, promise)
    .catch(() => undefined)
    .finally(() => socket.destroy());
}

function isoDate(text: string): string {
  const unixMs = Date.parse(text);
  return Number.isNaN(unixMs) ? text : new Date(unixMs).toISOString().replace('.000Z', 'Z');
}
