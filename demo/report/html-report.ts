import { escaped } from '../../src/what-if/report/svg-text.ts';
import { machineWords } from '../machine-load.ts';
import { comparison, conclusion, spanOf } from './final-report.ts';
import { drawDemo } from './picture.ts';
import type { DemoRun } from './summary.ts';

const style = `
:root { color-scheme: light dark; --page: #fff; --card: #f6f8fa; --text: #1f2328; --quiet: #59636e; --line: #d8dee4; --ours: #0a7d76; --bad: #cf222e }
@media (prefers-color-scheme: dark) { :root { --page: #161b22; --card: #1f262e; --text: #e6edf3; --quiet: #9198a1; --line: #30363d; --ours: #2bc4b6; --bad: #ff7b72 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 1040px; padding: 24px 16px 48px; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 16px } h2 { font-size: 19px; margin: 32px 0 8px } p { margin: 8px 0; max-width: 75ch }
.verdict { padding: 12px 16px; border-left: 4px solid var(--ours); background: var(--card); border-radius: 0 8px 8px 0 } .verdict.withheld { border-color: var(--bad) } .verdict p { margin: 4px 0 }
.quiet { color: var(--quiet); font-size: 14px } figure { margin: 16px 0; overflow-x: auto } figure svg { width: 100%; min-width: 640px; height: auto }
table { border-collapse: collapse; width: 100%; max-width: 640px; font-variant-numeric: tabular-nums }
th, td { padding: 4px 8px; text-align: right; border-bottom: 1px solid var(--line) } th:first-child, td:first-child { text-align: left; padding-left: 0 } th { font-weight: 600 }
@media (max-width: 600px) { h1 { font-size: 22px } th, td { font-size: 14px; padding: 4px } }
`;

/** The report of a run: a page of one file that loads nothing and runs nothing. Its axes show the simulated time. */
export function htmlReport(run: DemoRun): string {
  const { verdict, withheld, machine, errors } = run.summary;
  const isWithheld = withheld !== null;
  const remedy = isWithheld ? ['Repeat the run when nothing else runs on the machine.'] : [];
  const said = [...conclusion(run.summary), ...remedy];
  const span = spanOf(run);
  const picture = isWithheld ? undefined : drawDemo({ ...run, verdict: verdict ?? '' });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Forescale demo: one load, two fleets</title><style>${style}</style></head><body><main>
<h1>Forescale demo: one load, two fleets of real processes</h1>
<div class="verdict${isWithheld ? ' withheld' : ''}">${said.map((line) => `<p>${escaped(line)}</p>`).join('')}</div>
<p class="quiet">Both fleets had the same requests, replicas, target, limits, start-up and HPA. One followed Forescale's signal, the other the demand observed now, as with KEDA's own prometheus trigger. ${span === undefined ? '' : escaped(`Simulated time: ${span.words}.`)}</p>
${picture === undefined ? '' : `<figure>${picture}</figure>`}
${isWithheld ? '' : `<h2>Both fleets</h2>\n${tableHtml(comparison(run))}`}
<h2>The machine</h2>
<p class="quiet">${machineWords(machine).map(escaped).join(' ')}</p>
${errors.length === 0 ? '' : `<h2>What went wrong</h2>\n<ul>${errors.map((error) => `<li>${escaped(error)}</li>`).join('')}</ul>`}
<p class="quiet">What is compressed, and what is real: docs/demo.md of the project.</p>
</main></body></html>
`;
}

function tableHtml([head = [], ...rows]: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: string) =>
    `<tr>${row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${cells(head, 'th')}</thead><tbody>${rows.map((row) => cells(row, 'td')).join('')}</tbody></table>`;
}
