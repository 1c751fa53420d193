/** What a server needs for TLS handshakes, as PEM. It has been checked that the key belongs to the certificate. */
export interface ServingCertificate {
  /** The server's certificate, followed by its chain. */
  readonly certificate: Buffer;
  readonly key: Buffer;
  /** Authorities that client certificates must come from; undefined = clients need no certificate. */
  readonly clientCa: Buffer | undefined;
  /**
   * Unix seconds at which the first certificate of each kind expires, not counting a root that is sent along or authorities that
   * have expired already.
   */
  readonly expirySeconds: { readonly server: number; readonly clientCa: number | undefined };
}

/** The current certificate. Servers use a renewed one from the next handshake on; open connections stay. */
export interface CertificateSource {
  current(): ServingCertificate;
  /** Registers a listener that is called with each renewed certificate, after it was checked. */
  onRenewal(listener: (renewed: ServingCertificate) => void): void;
}
