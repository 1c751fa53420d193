import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Opponent, WindowAnswer } from './contract.ts';
import { seasonsWithin } from './window.ts';

const execute = promisify(execFile);
const timeoutMs = 3_600_000;

/**
 * Runs R, and ends it and removes its folder when this shell's own input ends: a thread that is ended closes that, and can do no more.
 * R keeps its temporary files in the folder too. Who removes them must not be ended for it by the shell that R's end wakes.
 */
const endsWithThread = `
exec 3<&0
folder=$1; shift
TMPDIR=$folder "$@" 3<&- </dev/null & work=$!
(read -r _ <&3; trap '' TERM; kill "$work"; rm -rf "$folder") >/dev/null 2>&1 & watch=$!
wait "$work"; code=$?
kill "$watch"
exit "$code"`;

/** Each line of the input is a task: periods;horizon;log1p values. Each line of the output is an answer: milliseconds;path. */
const script = `
suppressMessages(library(forecast))
arguments <- commandArgs(TRUE)
numbers <- function(text) as.numeric(strsplit(text, ",", fixed = TRUE)[[1]])
answer <- function(line) {
  parts <- strsplit(line, ";", fixed = TRUE)[[1]]
  periods <- numbers(parts[1])
  values <- numbers(parts[3])
  before <- proc.time()
  path <- tryCatch({
    series <- if (length(periods) > 1) msts(values, seasonal.periods = periods) else ts(values, frequency = periods)
    paste(format(as.numeric(suppressWarnings(stlf(series, h = as.integer(parts[2])))$mean), digits = 10, trim = TRUE), collapse = ",")
  }, error = function(e) "")
  spent <- proc.time() - before
  paste0(round(1000 * (spent[["user.self"]] + spent[["sys.self"]]), 3), ";", path)
}
writeLines(vapply(readLines(arguments[1]), answer, "", USE.NAMES = FALSE), arguments[2])
`;

/** R's forecast::stlf (MSTL, and ETS of the remainder) on the logarithm, if R with that package is installed. */
export const rStlf: Opponent = {
  kind: 'window',
  title: 'R stlf (log1p)',
  originShare: 1,
  async unavailable() {
    try {
      await execute('Rscript', ['-e', 'suppressMessages(library(forecast))'], { timeout: 30_000 });
      return undefined;
    } catch {
      return 'no Rscript with the package forecast on this machine';
    }
  },
  async forecast(tasks, calendar) {
    const folder = await mkdtemp(join(tmpdir(), 'forescale-stlf-'));
    const [program, input, output] = ['stlf.R', 'tasks.txt', 'answers.txt'].map((name) => join(folder, name));
    if (program === undefined || input === undefined || output === undefined) return [];
    const periods = tasks.map(({ values }) => seasonsWithin(values.length, calendar));
    const lines = tasks.map(({ values, horizonSteps }, index) => {
      const logs = Array.from(values, (value) => Math.log1p(value).toPrecision(10));
      return `${periods[index]!.join(',')};${horizonSteps};${logs.join(',')}`;
    });
    try {
      await writeFile(program, script);
      await writeFile(input, `${lines.join('\n')}\n`);
      const command = ['Rscript', program, input, output];
      await execute('sh', ['-c', endsWithThread, 'sh', folder, ...command], { timeout: timeoutMs });
      const answers = (await readFile(output, 'utf8')).trimEnd().split('\n');
      return tasks.map((_, index) => parseAnswer(answers[index] ?? ';', periods[index]!.length === 0));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function parseAnswer(line: string, isTooShort: boolean): WindowAnswer {
  const [milliseconds = '', path = ''] = line.split(';');
  return {
    milliseconds: Number(milliseconds),
    path:
      isTooShort || path === ''
        ? undefined
        : path.split(',').map((value) => Math.max(0, Math.expm1(Number(value)))),
  };
}
