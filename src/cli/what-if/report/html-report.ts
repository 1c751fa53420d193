import { formatMoment } from '../../../platform/moment.ts';
import type { Demand, Finding, StartUpCost, WhatIfAnswer } from '../../../what-if/index.ts';
import { escaped } from '../../../what-if/report/svg-text.ts';
import type { Plan } from '../plan.ts';
import { columnsOf, legend, verdictLines } from '../table.ts';
import { choice, choiceRules } from './choice.ts';
import { costChart } from './cost-chart.ts';
import { dayChart, type Shown } from './day-chart.ts';
import { daysOf, shortSecondsOn, shownDays } from './days.ts';
import { startUpChart } from './start-up-chart.ts';
import { style } from './style.ts';

/** What a report shows. */
export interface World {
  readonly demand: Demand;
  readonly findings: readonly Finding[];
  readonly startUps: readonly StartUpCost[];
  readonly scaledObject: string;
  /** Whose clocks days follow. */
  readonly timeZone: string | undefined;
}

/** A report of one file that loads nothing and runs nothing: what was found, a day to choose, the curves, the figures. */
export function htmlReport(plan: Plan, answer: WhatIfAnswer, world: World): string {
  const { findings, startUps, scaledObject } = world;
  const titleOf = (name: string) => answer.policies.find((policy) => policy.name === name)?.title ?? name;
  const others = findings.filter(({ participant }) => participant.name !== 'forescale');
  const shown = findings.map((finding): Shown => {
    const { name } = finding.participant;
    const place = others.indexOf(finding);
    const classes = place < 0 ? 'ours' : `beside of-beside-${place}`;
    return { finding, title: titleOf(name), classes };
  });
  const today = Math.max(
    0,
    others.findIndex(({ participant }) => participant.name === 'own'),
  );
  const days = dayCharts(plan, world, shown, others[today] ?? findings[0]);
  const rules = [choiceRules('day', days.count), choiceRules('beside', others.length)].join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What if: ways of scaling</title><style>${style}${rules}</style></head><body><main>
<h1>What if: ways of scaling on this demand</h1>
<div class="verdict">${verdictLines(answer)
    .map((line) => `<p>${escaped(line.trim())}</p>`)
    .join('\n')}</div>
<p class="quiet">Judged from ${formatMoment(answer.from)} to ${formatMoment(answer.to)}. Everything was replayed in virtual time, and each policy knew only what was known then.</p>
${choice({ name: 'beside', legend: others.length < findings.length ? 'Beside Forescale' : 'Policy', chosen: today, options: others.map(({ participant }) => ({ text: titleOf(participant.name) })) })}
${days.html}
${costSection(shown, answer)}
${startUpSection(startUps, plan, answer)}
<h2>As it comes</h2>
${tableHtml(answer.policies.map((one) => [one.title, one]))}
<h2>At equal service</h2>
<p>Each policy is tuned, on the time before, to be short at most ${percent(1 - answer.serviceLevel)} of the time.</p>
${tableHtml(answer.policies.flatMap((one) => (one.atEqualService === null ? [] : [[one.title, one.atEqualService] as const])))}
<pre class="words">${escaped(legend)}</pre>
<h2>The ScaledObject to apply</h2>
<pre>${escaped(scaledObject)}</pre>
</main></body></html>
`;
}

/** A day to choose, the worst of `today` first chosen, and its chart. */
function dayCharts({ scenario }: Plan, world: World, shown: readonly Shown[], today: Finding | undefined) {
  const { demand, timeZone = 'UTC' } = world;
  const { capacity } = scenario;
  const judged = daysOf(demand, timeZone).map((day) => ({
    ...day,
    shortSeconds: today === undefined ? 0 : shortSecondsOn(day, demand, today, capacity),
  }));
  const days = shownDays(judged);
  const worst = Math.max(0, ...days.map(({ shortSeconds }) => shortSeconds));
  const options = days.map(({ name, shortSeconds }) => ({
    text: name,
    detail: `${Math.round(shortSeconds / 60)} min short`,
    share: worst === 0 ? 0 : shortSeconds / worst,
  }));
  const chosen = days.findIndex(({ shortSeconds }) => shortSeconds === worst);
  const title = shown.find(({ finding }) => finding === today)?.title ?? '';
  const some =
    days.length < judged.length ? ` of the ${days.length} on which it was most, out of ${judged.length}` : '';
  const charts = days.map(
    (day, index) =>
      `<div class="of-day-${index}">${dayChart(day, demand, shown, { capacity, zone: timeZone })}</div>`,
  );
  const html = `<h2>A day: demand, and what the ready replicas carry</h2>
${choice({ name: 'day', legend: `Day (${timeZone}), with the short time of “${title}”${some}`, options, chosen })}
${keyOf([['demand', 'demand', 'M0 12V5L9 1L18 4L28 2V12Z'], ...lineKeys(shown), ['short', 'short: demand is above what they carry', 'M0 6H28']])}
${charts.join('\n')}`;
  return { count: days.length, html };
}

function costSection(shown: readonly Shown[], { serviceLevel }: WhatIfAnswer): string {
  return `<h2>Cost over service</h2>
<p>Each line is one policy over the settings of its knob, its dot the setting it comes with. Lower is cheaper, further left is short less. The dashed line is the service level, ${percent(1 - serviceLevel)} short. What is dearer or short more often is beyond the chart; the tables have it.</p>
${keyOf([...lineKeys(shown), ['line other', 'the others; choose one at the top', 'M0 6H28']])}
${costChart(shown, serviceLevel)}`;
}

function startUpSection(
  costs: readonly StartUpCost[],
  { scenario }: Plan,
  { serviceLevel }: WhatIfAnswer,
): string {
  const { seconds } = scenario.startUp;
  const own = typeof seconds === 'number' ? seconds : undefined;
  const keys = [
    ['line ours', 'Forescale', 'M0 6H28'],
    ['line beside', 'reactive at its best target', 'M0 6H28'],
    ['line other', 'oracle', 'M0 6H28'],
  ] as const;
  return `<h2>If replicas took longer to start, or less long</h2>
<p>Replica-hours of this demand with ${percent(1 - serviceLevel)} of the time short.${own === undefined ? '' : ' The dashed line is your start-up.'} Each policy has the settings that were best in hindsight.</p>
${keyOf(keys)}
${startUpChart(costs, own)}`;
}

function lineKeys(shown: readonly Shown[]) {
  return shown.map(({ title, classes }) => [`line ${classes}`, title, 'M0 6H28'] as const);
}

/** What the marks of a chart mean; a mark that is not shown is not explained either. */
function keyOf(marks: readonly (readonly [classes: string, text: string, path: string])[]): string {
  const items = marks.map(([classes, text, path]) => {
    const hidden = /of-beside-\d+/.exec(classes)?.[0] ?? '';
    return `<li class="${hidden}"><svg viewBox="0 0 28 12" aria-hidden="true"><path class="${classes}" d="${path}"/></svg>${escaped(text)}</li>`;
  });
  return `<ul class="key">${items.join('')}</ul>`;
}

const percent = (share: number) => `${Number((100 * share).toFixed(2))} %`;

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
  return `<div class="scroll" tabindex="0"><table><tr>${head.join('')}</tr>${lines.join('\n')}</table></div>`;
}
