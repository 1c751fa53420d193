import { escapeMarkup } from './markup.ts';
import { type Latency, type Report, readable, standingOf, whyNoResult } from './report.ts';

/** The report as a complete HTML page without scripts and external files, and with a policy that would refuse both. */
export function reportHtml(report: Report): string {
  const { script, passed, seconds, iterations, dropped, rules, checks, latencies, settings } = report;
  const title = escapeMarkup(`${script}: ${passed ? 'passed' : 'failed'}`);
  const noResult = whyNoResult(report);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${style}</style>
<h1 class="${passed ? 'good' : 'bad'}">${title}</h1>
<p>${readable(seconds)} s, ${iterations} iterations, ${dropped} dropped.${noResult === undefined ? '' : ` ${escapeMarkup(noResult)}.`}</p>
<h2>Load that was wanted</h2>
${wantedChart(report.wantedRps)}
<h2>Latency</h2>
${latencyBars(latencies)}
<h2>Rules</h2>
${table(
  ['rule', 'was', ''],
  rules.map((rule) => [`${rule.metric} ${rule.rule}`, readable(rule.value), standingOf(rule)]),
)}
<h2>Checks</h2>
${table(
  ['check', 'passed', 'failed'],
  checks.map(({ name, passes, fails }) => [name, String(passes), String(fails)]),
)}
<h2>Settings</h2>
${table(['variable', 'value'], Object.entries(settings))}
</html>
`;
}

const style = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
h1.good{color:#1a7f37}h1.bad,td.broken{color:#cf222e}
table{border-collapse:collapse}th,td{text-align:left;padding:.2rem 1rem .2rem 0}
td:not(:first-child),th:not(:first-child){font-variant-numeric:tabular-nums}
svg{width:100%;height:auto;font:12px system-ui,sans-serif}
svg text{fill:currentColor}.line{fill:none;stroke:#0969da;stroke-width:2}
.p99{fill:#b6d7ff}.p95{fill:#54a0f5}.median{fill:#0969da}
`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => {
    const isBroken = text === 'broken';
    return `<td${isBroken ? ' class="broken"' : ''}>${escapeMarkup(text)}</td>`;
  };
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n');
  return `<table><thead><tr>${head.map((name) => `<th>${escapeMarkup(name)}</th>`).join('')}</tr></thead>
<tbody>${body}</tbody></table>`;
}

const chart = { width: 800, height: 160 } as const;

function wantedChart(rates: readonly number[]): string {
  const highest = Math.max(...rates, Number.MIN_VALUE);
  const points = rates.map((rate, index) => {
    const x = (index / Math.max(1, rates.length - 1)) * chart.width;
    const y = chart.height - (rate / highest) * (chart.height - 20);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return `<svg viewBox="0 0 ${chart.width} ${chart.height + 4}" role="img" aria-label="requests per second over the run">
<text x="0" y="14">${readable(highest)} requests/s</text>
<polyline class="line" points="${points.join(' ')}"/></svg>`;
}

/** Draws a bar for each latency: the median within the 95th within the 99th percentile. */
function latencyBars(latencies: readonly Latency[]): string {
  const rowHeight = 36;
  const longest = Math.max(...latencies.map(({ p99Ms }) => p99Ms), Number.MIN_VALUE);
  const width = (ms: number) => ((ms / longest) * chart.width).toFixed(1);
  const bars = latencies.map(({ name, count, medianMs, p95Ms, p99Ms, maxMs }, index) => {
    const y = index * rowHeight;
    const words = `${name}: median ${readable(medianMs)}, p95 ${readable(p95Ms)}, p99 ${readable(p99Ms)}, max ${readable(maxMs)} ms, ${count} times`;
    const bar = (kind: string, ms: number) =>
      `<rect class="${kind}" x="0" y="${y + 18}" width="${width(ms)}" height="12"/>`;
    return `<text x="0" y="${y + 13}">${escapeMarkup(words)}</text>${bar('p99', p99Ms)}${bar('p95', p95Ms)}${bar('median', medianMs)}`;
  });
  return `<svg viewBox="0 0 ${chart.width} ${Math.max(1, latencies.length) * rowHeight}" role="img" aria-label="latencies">${bars.join('\n')}</svg>`;
}
