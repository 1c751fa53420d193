import type { CertificateFiles, RenewalOutcome } from '../platform/tls/certificate-files.ts';

/** Checks the files again and again, `everyMs` after the last check has ended. Returns the function that stops it. */
export function renewCertificates(
  files: CertificateFiles,
  everyMs: number,
  onOutcome: (outcome: RenewalOutcome) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const look = async () => {
    const outcome = await files.look();
    if (outcome !== undefined) onOutcome(outcome);
    if (!isOver) timer = setTimeout(look, everyMs);
  };
  timer = setTimeout(look, everyMs);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
