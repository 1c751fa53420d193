/** A query that somebody waits for. */
interface Waiting<T> {
  readonly signal: AbortSignal | undefined;
  resolve(result: T): void;
  reject(error: unknown): void;
}

/** One query and all who wait for it. */
export interface Question<T> {
  readonly query: string;
  readonly waiting: Set<Waiting<T>>;
}

/** Adds somebody who waits for a question. Rejects with the signal's reason when that aborts first. */
export function waitFor<T>({ waiting }: Question<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => {
      signal?.removeEventListener('abort', giveUp);
      waiting.delete(own);
    };
    const own: Waiting<T> = {
      signal,
      resolve: (result) => {
        end();
        resolve(result);
      },
      reject: (error) => {
        end();
        reject(error);
      },
    };
    const giveUp = () => own.reject(signal?.reason);
    waiting.add(own);
    signal?.addEventListener('abort', giveUp, { once: true });
    if (signal?.aborted === true) giveUp();
  });
}

export function answer<T>({ waiting }: Question<T>, result: T): void {
  for (const one of [...waiting]) one.resolve(result);
}

export function fail<T>({ waiting }: Question<T>, error: unknown): void {
  for (const one of [...waiting]) one.reject(error);
}

/** A signal that aborts when nobody waits any more for any of the questions. `release` ends the watch. */
export function nobodyWaits<T>(questions: readonly Question<T>[]): {
  readonly signal: AbortSignal;
  release(): void;
} {
  const controller = new AbortController();
  const signals = new Set(questions.flatMap(({ waiting }) => [...waiting].map(({ signal }) => signal)));
  const watched = [...signals].filter((signal) => signal !== undefined);
  let left = signals.size;
  const onAbort = ({ target }: Event) => {
    left--;
    if (left === 0) controller.abort((target as AbortSignal).reason);
  };
  for (const signal of watched) signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of watched) signal.removeEventListener('abort', onAbort);
    },
  };
}
