import { print, StackError } from './processes.ts';

export interface Check {
  readonly id: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly found: string;
  readonly remedy: string;
}

/** Something that is not as it should be, but does not keep anybody from going on. */
export class Warning extends StackError {}

/** Gives what was found where it is well, and throws it with its remedy otherwise. */
export function expect(isWell: boolean, found: string, remedy: string): string {
  if (isWell) return found;
  throw new StackError(found, remedy);
}

export type Questions = Readonly<Record<string, () => string | undefined | Promise<string | undefined>>>;

/** Asks one thing after the other. What throws has failed; undefined means that there is nothing to check. */
export async function check(questions: Questions): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const [id, ask] of Object.entries(questions)) {
    try {
      const found = await ask();
      if (found !== undefined) checks.push({ id, status: 'ok', found, remedy: '' });
    } catch (thrown) {
      const { message, remedy = '' } = thrown as Error & Partial<StackError>;
      checks.push({ id, status: thrown instanceof Warning ? 'warning' : 'failed', found: message, remedy });
    }
  }
  return checks;
}

/** Prints checks with the remedy below each failure, or as one JSON object; throws where one failed or there is none. */
export function conclude(
  checks: readonly Check[],
  about: Readonly<Record<string, string>>,
  asJson = false,
): void {
  const failed = checks.filter(({ status }) => status === 'failed').length;
  if (asJson) print(JSON.stringify({ ...about, ok: failed === 0 && checks.length > 0, checks }));
  for (const { id, status, found, remedy } of asJson ? [] : checks) {
    print(`${status.padEnd(8)} ${id.padEnd(16)} ${found}${remedy && `\n${' '.repeat(25)} -> ${remedy}`}`);
  }
  if (failed > 0 || checks.length === 0) throw new StackError(`${failed} of ${checks.length} checks failed`);
}
