import { readFileSync } from 'node:fs';
import type { Opponent, WindowAnswer } from './contract.ts';
import { seasonsWithin } from './window.ts';

/** The package is a development dependency: a benchmark may use it, the product never does. */
async function loadMstl() {
  const mstl = await import('@bsull/augurs/mstl');
  // The loader of the package fetches a file URL, which Node refuses, so the module is given its bytes.
  mstl.initSync({ module: wasmBeside('@bsull/augurs/mstl', 'mstl_bg.wasm') });
  return mstl.MSTL;
}

async function loadProphet() {
  const prophet = await import('@bsull/augurs/prophet');
  prophet.initSync({ module: wasmBeside('@bsull/augurs/prophet', 'prophet_bg.wasm') });
  const { optimizer } = await import('@bsull/augurs-prophet-wasmstan');
  return { Prophet: prophet.Prophet, optimizer };
}

function wasmBeside(module: string, file: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(file, import.meta.resolve(module))));
}

/**
 * MSTL with AutoETS on the logarithm, with which it does better, and seasons of a day and, given two weeks of history, a week.
 */
export const augursMstl: Opponent = {
  kind: 'window',
  title: 'augurs MSTL+ETS (log1p)',
  originShare: 1,
  unavailable: () => reasonOf(loadMstl),
  async forecast(tasks, calendar) {
    const Mstl = await loadMstl();
    return tasks.map((task) =>
      answered(() => {
        const periods = seasonsWithin(task.values.length, calendar);
        if (periods.length === 0) return undefined;
        const model = Mstl.ets(periods);
        try {
          model.fit(Float64Array.from(task.values, Math.log1p));
          return model.predict(task.horizonSteps).point.map(backFromLog);
        } finally {
          model.free();
        }
      }),
    );
  },
};

/** Prophet as augurs ports it, with its defaults (daily, weekly, linear trend with changepoints), on the logarithm. */
export const augursProphet: Opponent = {
  kind: 'window',
  title: 'Prophet (augurs, log1p)',
  // A fit takes about a second.
  originShare: 0.5,
  unavailable: () => reasonOf(loadProphet),
  async forecast(tasks, { stepSeconds }) {
    const { Prophet, optimizer } = await loadProphet();
    return tasks.map((task) =>
      answered(() => {
        const { values, horizonSteps } = task;
        const model = new Prophet({ optimizer, uncertaintySamples: 0 });
        try {
          const timesOf = (from: number, count: number) =>
            Array.from({ length: count }, (_, i) => task.firstSeconds + (from + i) * stepSeconds);
          model.fit({ ds: timesOf(0, values.length), y: Array.from(values, Math.log1p) });
          const { yhat } = model.predict({ ds: timesOf(values.length, horizonSteps) });
          return Array.from(yhat.point, backFromLog);
        } finally {
          model.free();
        }
      }),
    );
  },
};

/** Runs a model and measures its CPU time. A model that throws has no answer. */
function answered(run: () => number[] | undefined): WindowAnswer {
  const before = process.threadCpuUsage();
  let path: number[] | undefined;
  try {
    path = run();
  } catch {
    path = undefined;
  }
  const { user, system } = process.threadCpuUsage(before);
  return { path, milliseconds: (user + system) / 1000 };
}

function backFromLog(value: number): number {
  return Math.max(0, Math.expm1(value));
}

async function reasonOf(load: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await load();
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
