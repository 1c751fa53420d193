import {
  type DashboardFile,
  forecastsUid,
  type PanelJson,
  shownPanels,
  withVariables,
} from '../../repository/dashboard-files.ts';

/** A series of an answer of Prometheus' API: one value of an instant query, or many of a range query. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/** Times of a range query, unix seconds. */
export interface AskedRange {
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
}

/** A time that a dashboard marks in its plots, unix seconds. */
interface Mark {
  readonly from: number;
  readonly to: number;
  readonly title: string;
}

/** The marks of an annotation of a dashboard. */
export interface Marks {
  readonly name: string;
  readonly color: string;
  readonly marks: readonly Mark[];
}

/** Asks Prometheus' API at `url`, the real one's or the scaler's own. Throws with the query where the answer is an error. */
export async function ask(
  url: string,
  path: 'query' | 'query_range',
  form: Readonly<Record<string, string>>,
): Promise<Sample[]> {
  const answer = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(form) });
  const body = (await answer.json()) as { status: string; error?: string; data?: { result: Sample[] } };
  if (body.status !== 'success') throw new Error(`${form['query']}: ${body.error}`);
  return body.data?.result ?? [];
}

/**
 * Values for all variables of a dashboard, as a reader would find them at `url`: all of those that may be many, and the simulated
 * workload. Throws where a variable finds no value.
 */
export async function chosenVariables(file: DashboardFile, url: string): Promise<Record<string, string>> {
  const values: Record<string, string> = {
    // A scrape a second and four of them, as Grafana would find; a lead time as short as a test.
    __rate_interval: '4s',
    lead: '2s',
  };
  for (const { name, type, query, current } of file.templating.list) {
    if (type !== 'query') {
      values[name] ??= String(current?.value ?? query);
      continue;
    }
    const [, selector = '', label = ''] = /^label_values\((.*), (\w+)\)$/s.exec(query) ?? [];
    const sent = withVariables(selector, values);
    const isOwn = file.uid === forecastsUid;
    const found = await ask(url, 'query', {
      query: isOwn ? `max by (${label}) (${sent})` : `group by (${label}) (last_over_time(${sent}[1m]))`,
    });
    const labels = found.map(({ metric }) => metric[label] ?? '').filter((value) => value !== '');
    if (labels.length === 0) throw new Error(`the variable ${name} finds nothing: ${query}`);
    values[name] = chosen(name, labels);
  }
  return values;
}

/** What a dashboard marks at `url`: each series above zero, from its first such point to the last before it is zero or missing. */
export async function askAnnotations(
  file: DashboardFile,
  url: string,
  {
    variables,
    range: { from, to, stepSeconds },
  }: { readonly variables: Readonly<Record<string, string>>; readonly range: AskedRange },
): Promise<Marks[]> {
  const asked = file.annotations.list.map(async ({ name, expr, iconColor, titleFormat }) => {
    const query = withVariables(expr, variables);
    const form = { query, start: String(from), end: String(to), step: String(stepSeconds) };
    const found = await ask(url, 'query_range', form);
    return {
      ...{ name, color: iconColor },
      marks: found.flatMap(({ metric, values = [] }) =>
        marksOf(values, stepSeconds, titleOf(titleFormat, metric)),
      ),
    };
  });
  return Promise.all(asked);
}

const titleOf = (format: string, metric: Sample['metric']) =>
  format.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '');

/** As Grafana's data source for Prometheus joins the points of an annotation. */
function marksOf(values: NonNullable<Sample['values']>, stepSeconds: number, title: string): readonly Mark[] {
  const marks: { from: number; to: number; title: string }[] = [];
  for (const [at, text] of values) {
    if (!(Number(text) > 0)) continue;
    const last = marks.at(-1);
    if (last !== undefined && last.to + stepSeconds >= at) last.to = at;
    else marks.push({ from: at, to: at, title });
  }
  return marks;
}

function chosen(name: string, labels: readonly string[]): string {
  if (name === 'workload' && labels.includes('app-a')) return 'app-a';
  if (name === 'namespace' && labels.includes('telemetry')) return 'telemetry';
  return labels.join('|');
}

/** What Prometheus answers to each query of a dashboard, by the id of its panel and the name of the query. */
export async function askPanels(
  file: DashboardFile,
  url: string,
  { variables, range, now }: { variables: Readonly<Record<string, string>>; range: AskedRange; now: number },
): Promise<Record<number, Record<string, Sample[]>>> {
  const results: Record<number, Record<string, Sample[]>> = {};
  for (const panel of shownPanels(file)) {
    const answers: Record<string, Sample[]> = {};
    for (const target of panel.targets ?? []) answers[target.refId] = await askTarget(target, panel);
    results[panel.id] = answers;
  }
  return results;

  function askTarget(
    { expr, instant }: NonNullable<PanelJson['targets']>[number],
    panel: PanelJson,
  ): Promise<Sample[]> {
    const query = withVariables(expr, variables);
    if (instant === true) return ask(url, 'query', { query, time: String(now) });
    // A panel with a time of its own looks at the last minutes, with a point every few seconds.
    const isRecent = panel.timeFrom !== undefined;
    return ask(url, 'query_range', {
      query,
      start: String(isRecent ? now - 600 : range.from),
      end: String(isRecent ? now : range.to),
      step: String(isRecent ? 5 : range.stepSeconds),
    });
  }
}
