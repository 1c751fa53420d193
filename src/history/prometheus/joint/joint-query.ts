import type { JointBounds, JointQuery } from '../../joint/joint-dialect.ts';
import type { Labels } from '../series-labels.ts';
import type { GroupedForm } from './grouped-form.ts';
import type { MemberQuery } from './member-query.ts';

/** The label that says which part of a joint query a series comes from. */
export const markerLabel = 'forescale_member';

/** A part of a joint query: one member as it is, or several of one shape, grouped by a label. */
interface Part {
  readonly members: readonly MemberQuery[];
  /** How each member is grouped; empty where the part is one member as it is. */
  readonly forms: readonly GroupedForm[];
}

/** Bytes around a member that is asked as it is, and around a group. */
const frameBytes = 64;

/**
 * Puts queries together, in as few joint ones as the bounds allow. Queries that differ by the value of one label become one, grouped
 * by that label; each other one stays as it is. The parts are joined by `or`, each with a label of its own that says which it is.
 * So the series of two parts never have the same labels, and `or` leaves none of them out.
 */
export function composeJointQueries(members: readonly MemberQuery[], bounds: JointBounds): JointQuery[] {
  const requests: Part[][] = [];
  let room = { members: 0, bytes: 0 };
  for (const whole of partsOf(members)) {
    for (const part of cut(whole, bounds)) {
      const bytes = bytesOf(part);
      if (room.members < part.members.length || room.bytes < bytes) {
        requests.push([]);
        room = { members: bounds.mostMembers, bytes: bounds.mostBytes };
      }
      requests.at(-1)?.push(part);
      room = { members: room.members - part.members.length, bytes: room.bytes - bytes };
    }
  }
  return requests.map(toJointQuery);
}

/** Groups members by the shape that most of them share. */
function partsOf(members: readonly MemberQuery[]): Part[] {
  const counts = new Map<string, number>();
  for (const { grouped } of members) {
    for (const { shape } of grouped) counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  const countOf = ({ shape }: GroupedForm) => counts.get(shape) ?? 0;
  const commonest = ({ grouped }: MemberQuery) =>
    grouped.reduce<GroupedForm | undefined>(
      (best, form) => (best === undefined || countOf(form) > countOf(best) ? form : best),
      undefined,
    );
  const groups = new Map<string, { member: MemberQuery; form: GroupedForm }[]>();
  const parts: Part[] = [];
  for (const member of members) {
    const form = commonest(member);
    if (form === undefined || countOf(form) < 2) parts.push({ members: [member], forms: [] });
    else {
      const group = groups.get(form.shape) ?? [];
      group.push({ member, form });
      groups.set(form.shape, group);
    }
  }
  for (const group of groups.values()) {
    const own = group.map(({ member }) => member);
    parts.push({ members: own, forms: own.length === 1 ? [] : group.map(({ form }) => form) });
  }
  return parts;
}

/** Cuts a group that is larger than a joint query may be. */
function cut(part: Part, { mostMembers, mostBytes }: JointBounds): Part[] {
  if (part.members.length === 1) return [part];
  if (part.members.length <= mostMembers && bytesOf(part) <= mostBytes) return [part];
  const half = Math.ceil(part.members.length / 2);
  return [
    [0, half],
    [half, part.members.length],
  ].flatMap(([from, to]) => {
    const forms = part.forms.slice(from, to);
    const halved = {
      members: part.members.slice(from, to),
      forms: forms.length === 1 ? [] : forms,
    };
    return cut(halved, { mostMembers, mostBytes });
  });
}

function bytesOf({ members: [first], forms }: Part): number {
  const [form] = forms;
  if (form === undefined) return Buffer.byteLength(first?.expression ?? '') + frameBytes;
  const values = forms.reduce((bytes, { value }) => bytes + value.length + 3, 0);
  return Buffer.byteLength(form.shape) + values + form.label.length + frameBytes;
}

function toJointQuery(parts: readonly Part[]): JointQuery {
  const members = parts.flatMap((part) => part.members.map(({ query }) => query));
  /** Numbers of the members, by marker and, in a group, by the value of its label. */
  const places = new Map<string, number[]>();
  const labels = new Map<string, string>();
  let number = 0;
  const texts = parts.map(({ members: own, forms }, index) => {
    const marker = String(index);
    for (const place of own.keys()) {
      const key = placeOf(marker, forms[place]?.value);
      places.set(key, [...(places.get(key) ?? []), number++]);
    }
    const [form] = forms;
    if (form !== undefined) labels.set(marker, form.label);
    return marked(form === undefined ? `(${own[0]?.expression})` : groupedText(form, forms), marker);
  });
  return {
    query: either(texts),
    members,
    membersOf: (series: Labels) => {
      const marker = series[markerLabel] ?? '';
      const label = labels.get(marker);
      return places.get(placeOf(marker, label === undefined ? undefined : series[label])) ?? [];
    },
  };
}

function placeOf(marker: string, value: string | undefined): string {
  return value === undefined ? marker : `${marker} ${value}`;
}

function groupedText({ head, middle, tail, label }: GroupedForm, forms: readonly GroupedForm[]): string {
  const values = [...new Set(forms.map(({ value }) => value.replaceAll('.', '[.]')))];
  return `${head} by (${label}) ${middle}=~"${values.join('|')}"${tail}`;
}

/** A text of labels may end in a line that is none of it, so that nothing may follow on the same line but brackets. */
function marked(expression: string, marker: string): string {
  return `label_replace(${expression}, "${markerLabel}", "${marker}", "", "")`;
}

/** Joins by `or`, halves within brackets, so that no series is looked at more often than there are halves of halves. */
function either(texts: readonly string[]): string {
  if (texts.length <= 1) return texts[0] ?? '';
  const half = Math.ceil(texts.length / 2);
  return `(${either(texts.slice(0, half))} or ${either(texts.slice(half))})`;
}
