/** A decision as an answer of the server has shown it. */
interface Shown {
  readonly at: number;
  readonly signal: number | null;
}

interface Page {
  readonly record: { readonly kept: string; readonly warning: string | null };
  readonly decisions: readonly Shown[];
  readonly next: number | null;
}

/** Remembers what servers have shown of their record, and says what a later one has lost of it. */
export interface RecordWitness {
  /** Decisions that were shown. */
  readonly shown: number;
  /** Takes what a server shows of the time since `fromSeconds`. */
  look(httpUrl: string, fromSeconds: number): Promise<void>;
  /** What was shown of the time since `fromSeconds` and is not there any more, or another. */
  lost(httpUrl: string, fromSeconds: number): Promise<readonly string[]>;
}

export function createRecordWitness(names: readonly string[]): RecordWitness {
  const shown = new Map<string, number | null>();
  const keyOf = (name: string, { at }: Shown) => `${name} at ${at}`;

  async function read(httpUrl: string, name: string, fromSeconds: number): Promise<readonly Shown[]> {
    const all: Shown[] = [];
    let from: number | null = fromSeconds;
    while (from !== null) {
      const path = `/api/v1/workloads/shop/${name}/decisions?from=${from}&limit=1000`;
      const answer = await fetch(`${httpUrl}${path}`);
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      const page = (await answer.json()) as Page;
      if (page.record.kept !== 'file') throw new Error(`${path}: ${page.record.warning}`);
      all.push(...page.decisions);
      from = page.next;
    }
    return all;
  }

  return {
    get shown() {
      return shown.size;
    },
    async look(httpUrl, fromSeconds) {
      for (const name of names) {
        for (const row of await read(httpUrl, name, fromSeconds)) shown.set(keyOf(name, row), row.signal);
      }
    },
    async lost(httpUrl, fromSeconds) {
      const there = new Map<string, number | null>();
      for (const name of names) {
        for (const row of await read(httpUrl, name, fromSeconds)) there.set(keyOf(name, row), row.signal);
      }
      return [...shown]
        .filter(([key, signal]) => isSince(key, fromSeconds) && there.get(key) !== signal)
        .map(([key, signal]) => `${key} was ${signal} and is ${there.get(key)}`);
    },
  };
}

function isSince(key: string, fromSeconds: number): boolean {
  return Number(key.slice(key.lastIndexOf(' ') + 1)) >= fromSeconds;
}
