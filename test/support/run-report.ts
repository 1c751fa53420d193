import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

interface ProjectTimes {
  files: number;
  tests: number;
  skipped: number;
  startMs: number;
  endMs: number;
}

/** Files whose durations are printed: a run is as long as these are. */
const longestFiles = 10;

/**
 * Prints at the end of a run what tests measured (`annotate`), how long each project and the longest files took, which tests were
 * skipped for want of what, and at last which failed: a log of CI may be cut to its end. `took:` and `failed:` begin the lines that .ci/run repeats.
 */
export function createRunReport(): Reporter {
  const projects = new Map<string, ProjectTimes>();
  const timesOf = ({ project }: TestModule): ProjectTimes => {
    const times = projects.get(project.name) ?? {
      files: 0,
      tests: 0,
      skipped: 0,
      startMs: Number.POSITIVE_INFINITY,
      endMs: 0,
    };
    projects.set(project.name, times);
    return times;
  };
  const files: { readonly path: string; readonly seconds: number }[] = [];
  const reasons = new Map<string, number>();
  const figures: string[] = [];
  const failures: string[] = [];
  return {
    onTestModuleStart(module) {
      const times = timesOf(module);
      times.startMs = Math.min(times.startMs, performance.now());
    },
    onTestModuleEnd(module) {
      const times = timesOf(module);
      times.endMs = performance.now();
      times.files++;
      files.push({ path: module.relativeModuleId, seconds: module.diagnostic().duration / 1000 });
      // A file that cannot be read and a suite that cannot begin have no failed test: theirs were not run.
      for (const suite of [module, ...module.children.allSuites()])
        for (const error of suite.errors()) failures.push(failureOf(module, nameOf(suite), error));
      for (const test of module.children.allTests()) {
        times.tests++;
        if (test.result().state === 'failed')
          failures.push(failureOf(module, test.fullName, test.result().errors?.[0]));
        figures.push(...test.annotations().map(({ message }) => message));
        if (test.result().state !== 'skipped') continue;
        times.skipped++;
        const reason = reasonOf(test);
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    },
    onTestRunEnd() {
      for (const figure of figures) console.log(`measured: ${figure}`);
      for (const [reason, count] of reasons) console.log(`skipped: ${count} tests: ${reason}`);
      for (const [name, { files, tests, skipped, startMs, endMs }] of projects) {
        const seconds = Math.ceil((endMs - startMs) / 1000);
        const withSkipped = skipped === 0 ? '' : `, ${skipped} skipped`;
        console.log(
          `took: ${name.padEnd(6)} ${seconds} s from its first file to its last, beside others (${files} files, ${tests} tests${withSkipped})`,
        );
      }
      const longest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, longestFiles);
      for (const { path, seconds } of longest)
        console.log(`took: ${seconds.toFixed(0).padStart(4)} s   ${path}`);
      for (const failure of failures) console.log(`failed: ${failure}`);
    },
  };
}

/** The file, the name and the first line of the error of what failed. */
function failureOf(
  { relativeModuleId }: TestModule,
  name: string,
  { message = 'no error was given' }: { readonly message?: string } = {},
): string {
  return `${relativeModuleId} > ${name}: ${message.split('\n', 1)[0]?.slice(0, 300)}`;
}

const nameOf = (suite: TestModule | TestSuite): string =>
  suite.type === 'suite' ? suite.fullName : 'the whole file';

/** What a test's name, or the name of a suite around it, says in `(skipped: …)` or `(needs …)`. */
function reasonOf({ fullName }: TestCase): string {
  return /\((?:skipped: )?((?:needs )?[^()]*)\)[^()]*$/.exec(fullName)?.[1] ?? fullName;
}
