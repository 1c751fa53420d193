import { formatMoment } from '../../platform/moment.ts';
import type { Demand, Finding, WhatIfAnswer } from '../../what-if/index.ts';
import { escaped } from '../../what-if/report/svg-text.ts';
import { dayPlot, worstDay } from './day-plot.ts';
import type { Plan } from './plan.ts';
import { columnsOf, legend, verdictLines } from './table.ts';

const style = `
:root { color-scheme: light dark; --page: #fff; --text: #1f2328; --quiet: #59636e; --line: #d8dee4; --demand: #8c959f; --capacity: #0a7d76; --short: #cf222e }
@media (prefers-color-scheme: dark) { :root { --page: #161b22; --text: #e6edf3; --quiet: #9198a1; --line: #30363d; --demand: #6e7681; --capacity: #2bc4b6; --short: #ff7b72 } }
body { margin: 0 auto; max-width: 1000px; padding: 24px 16px; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 24px } h2 { font-size: 18px; margin-top: 32px }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: 14px; white-space: nowrap }
th, td { padding: 4px 10px; text-align: right; border-bottom: 1px solid var(--line) } th:first-child, td:first-child { text-align: left }
.best { font-weight: 700; color: var(--capacity) } pre { overflow-x: auto; padding: 12px; border: 1px solid var(--line); border-radius: 8px; font-size: 13px }
pre.words { white-space: pre-wrap; border: 0; padding: 0; color: var(--quiet); font-family: inherit; font-size: 14px }
svg { display: block; width: 100%; min-width: 560px; font: 13px system-ui, sans-serif } svg text { fill: var(--text) } svg .quiet { fill: var(--quiet) }
.heading { font-size: 14px; font-weight: 600 } .grid { stroke: var(--line) } .demand { fill: var(--demand); fill-opacity: .35 }
.capacity { fill: none; stroke: var(--capacity); stroke-width: 2 } .short { fill: var(--short) }
`;

/** A report of one file that loads nothing: what was found, the worst day, the figures, and the ScaledObject to apply. */
export function htmlReport(
  plan: Plan,
  answer: WhatIfAnswer,
  world: { readonly demand: Demand; readonly findings: readonly Finding[]; readonly scaledObject: string },
): string {
  const { demand, findings, scaledObject } = world;
  const today = findings.find(({ participant }) => participant.name === 'own') ?? findings[0];
  const { capacity } = plan.scenario;
  const fromTick = today === undefined ? 0 : worstDay(demand, today, capacity);
  const titleOf = (name: string) => answer.policies.find((policy) => policy.name === name)?.title ?? name;
  const plots = findings
    .filter((one) => one === today || ['reactive', 'forescale'].includes(one.participant.name))
    .map((one) => dayPlot(demand, one, { fromTick, capacity, title: titleOf(one.participant.name) }));
  const day = formatMoment(demand.firstSeconds + fromTick * 15).slice(0, 10);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What if: ways of scaling</title><style>${style}</style></head><body>
<h1>What if: ways of scaling on this demand</h1>
${verdictLines(answer)
  .map((line) => `<p>${escaped(line.trim())}</p>`)
  .join('\n')}
<p>Judged from ${formatMoment(answer.from)} to ${formatMoment(answer.to)}. Everything was replayed in virtual time, and each policy knew only what was known then.</p>
<h2>The worst day of ${escaped(titleOf(today?.participant.name ?? ''))}: ${day} (UTC)</h2>
<p>Grey: demand. Line: what the ready replicas carry. Red marks below: demand is above it.</p>
<div class="scroll">${plots.join('\n')}</div>
<h2>As it comes</h2>
${tableHtml(answer.policies.map((one) => [one.title, one]))}
<h2>At equal service</h2>
<p>Each policy is tuned, on the time before, to be short at most ${(100 * (1 - answer.serviceLevel)).toFixed(2)}% of the time.</p>
${tableHtml(answer.policies.flatMap((one) => (one.atEqualService === null ? [] : [[one.title, one.atEqualService] as const])))}
<pre class="words">${escaped(legend)}</pre>
<h2>The ScaledObject to apply</h2>
<pre>${escaped(scaledObject)}</pre>
</body></html>
`;
}

function tableHtml(rows: Parameters<typeof columnsOf>[0]): string {
  const columns = columnsOf(rows);
  const head = ['policy', ...columns.map(({ heading }) => heading)].map(
    (text) => `<th>${escaped(text)}</th>`,
  );
  const lines = rows.map(([label], index) => {
    const cells = columns.map(({ cells: all }) => {
      const { text = '', isBest = false } = all[index] ?? {};
      return `<td${isBest ? ' class="best"' : ''}>${escaped(text)}</td>`;
    });
    return `<tr><td>${escaped(label)}</td>${cells.join('')}</tr>`;
  });
  return `<div class="scroll"><table><tr>${head.join('')}</tr>${lines.join('\n')}</table></div>`;
}
