import type { ServerResponse } from 'node:http';
import { type Answer, json } from '../prometheus/fake-api.ts';

/** What a single query does to the server that is asked for it. */
export type Behaviour =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'empty' | 'several' | 'histogram' | 'partial' }
  /** The server refuses whatever contains it by this status. */
  | { readonly kind: 'status'; readonly status: number }
  /** The server answers whatever contains it after this time. */
  | { readonly kind: 'slow'; readonly ms: number; readonly text?: string };

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly text: string | undefined;
}

/** The members of a joint query and the labels by which it marks them; a single query is its own member without labels. */
interface Member {
  readonly query: string;
  readonly marks: Readonly<Record<string, string>>;
}

/** Splits `(a or b)` into its sides, however many brackets are in them. */
function sidesOf(text: string): readonly [string, string] | undefined {
  if (!text.startsWith('(') || !text.endsWith(')')) return undefined;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')') depth--;
    if (depth === 0 && at < text.length - 1) return undefined;
    if (depth === 1 && text.startsWith(' or ', at)) return [text.slice(1, at), text.slice(at + 4, -1)];
  }
  return undefined;
}

const marked = /^label_replace\((.*), "forescale_member", "(\d+)", "", ""\)$/;
const grouped = /^(\w+) by \((\w+)\) (.*)=~"([^"]*)"(.*)$/;

function membersOf(text: string): Member[] {
  const sides = sidesOf(text);
  if (sides !== undefined && text.includes('forescale_member')) return sides.flatMap(membersOf);
  const [, expression, marker] = marked.exec(text) ?? [];
  if (expression === undefined || marker === undefined) return [{ query: text, marks: {} }];
  const [, operation, label, head, values, tail] = grouped.exec(expression) ?? [];
  if (operation === undefined || label === undefined || values === undefined) {
    return [{ query: expression.slice(1, -1), marks: { forescale_member: marker } }];
  }
  return values.split('|').map((escaped) => {
    const value = escaped.replaceAll('[.]', '.');
    return {
      query: `${operation}${head}="${value}"${tail}`,
      marks: { forescale_member: marker, [label]: value },
    };
  });
}

function seriesOf({ query, marks }: Member, behaviour: Behaviour): Series[] {
  switch (behaviour.kind) {
    case 'value':
      return [{ metric: marks, text: behaviour.text }];
    case 'slow':
      return behaviour.text === undefined ? [] : [{ metric: marks, text: behaviour.text }];
    case 'histogram':
      return [{ metric: marks, text: undefined }];
    case 'several':
      return ['a', 'b'].map((pod) => ({ metric: { ...marks, pod, query }, text: '1' }));
    default:
      return [];
  }
}

/** A Prometheus that knows single queries by heart, and evaluates what they are put together to. */
export function fakeEvaluator(behaviourOf: (query: string) => Behaviour): Answer {
  return ({ form, url }, response) => {
    const members = membersOf(form.get('query') ?? '');
    const behaviours = members.map(({ query }) => behaviourOf(query));
    const slowest = Math.max(0, ...behaviours.map((one) => (one.kind === 'slow' ? one.ms : 0)));
    const isRange = url.includes('query_range');
    const time = Number(form.get(isRange ? 'end' : 'time'));
    const send = () => answer(response, members, behaviours, { isRange, time });
    if (slowest > 0) setTimeout(send, slowest).unref();
    else send();
  };
}

function answer(
  response: ServerResponse,
  members: readonly Member[],
  behaviours: readonly Behaviour[],
  { isRange, time }: { readonly isRange: boolean; readonly time: number },
): void {
  const refused = behaviours.find((one) => one.kind === 'status');
  if (refused?.kind === 'status') {
    json(response, { status: 'error', errorType: 'execution', error: 'no' }, refused.status);
    return;
  }
  const series = members.flatMap((member, at) => seriesOf(member, behaviours[at] ?? { kind: 'empty' }));
  const result = series.map(({ metric, text }) => {
    if (text === undefined) return { metric, [isRange ? 'histograms' : 'histogram']: [] };
    return isRange ? { metric, values: [[time, text]] } : { metric, value: [time, text] };
  });
  const isPartial = behaviours.some(({ kind }) => kind === 'partial');
  const data = { resultType: isRange ? 'matrix' : 'vector', result };
  json(response, { status: 'success', data, ...(isPartial ? { warnings: ['a store did not answer'] } : {}) });
}
