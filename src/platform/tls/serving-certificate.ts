/** What a server shows and asks for in a TLS handshake, as PEM. Checked: key and certificate belong together. */
export interface ServingCertificate {
  /** The server's own, with whatever chain follows it. */
  readonly certificate: Buffer;
  readonly key: Buffer;
  /** Authorities whose clients are let in; undefined = clients show no certificate. */
  readonly clientCa: Buffer | undefined;
  /**
   * Unix seconds at which what is named ends to be valid: the earliest of its certificates, but for a root beside the server's
   * own and authorities that have ended already.
   */
  readonly expirySeconds: { readonly server: number; readonly clientCa: number | undefined };
}

/** The certificate of now. Servers take a renewed one for their next handshake; connections that stand are kept. */
export interface CertificateSource {
  current(): ServingCertificate;
  /** Called with each renewed one, never with one that was not checked. */
  onRenewal(listener: (renewed: ServingCertificate) => void): void;
}
