import { ForescaleError } from '../../platform/errors.ts';

/** The error with which a command ends that cannot answer yet, after what it had to say on stdout. */
export function notYet(what: string, reasons: readonly { readonly message: string }[]): ForescaleError {
  const why = reasons.map(({ message }) => message).join('; ');
  return new ForescaleError('too-little-history', `${what}: ${why}`);
}
