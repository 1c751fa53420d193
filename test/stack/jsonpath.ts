/** A piece of a template: text as it is, or a path whose values are printed between spaces, or a loop over them. */
type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly steps: readonly Step[] }
  | { readonly kind: 'range'; readonly steps: readonly Step[]; readonly body: readonly Piece[] };

type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'every' }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'where'; readonly steps: readonly Step[]; readonly equals: string };

/**
 * What `kubectl -o jsonpath=TEMPLATE` prints of a value: the part of its dialect that ./stack uses. What it does not
 * know it refuses. jsonpath.test.ts holds it against the real kubectl.
 */
export function printJsonPath(template: string, value: unknown): string {
  const rest = [...template.matchAll(/\{(?:"(?:\\.|[^"])*"|[^}"])*\}|[^{]+/g)].map(([part]) => part);
  if (rest.join('') !== template) throw new Error(`not understood: ${template}`);
  return print(readPieces(rest), value);
}

/** Takes pieces from `parts` until they end, or the loop they are in does. */
function readPieces(parts: string[]): Piece[] {
  const pieces: Piece[] = [];
  for (let part = parts.shift(); part !== undefined && part !== '{end}'; part = parts.shift()) {
    if (!part.startsWith('{')) pieces.push({ kind: 'text', text: part });
    else if (part.startsWith('{"'))
      pieces.push({ kind: 'text', text: JSON.parse(part.slice(1, -1)) as string });
    else if (part.startsWith('{range ')) {
      const steps = readSteps(part.slice('{range '.length, -1));
      pieces.push({ kind: 'range', steps, body: readPieces(parts) });
    } else pieces.push({ kind: 'path', steps: readSteps(part.slice(1, -1)) });
  }
  return pieces;
}

const stepPattern =
  /^(?:\.(?<name>(?:\\.|[\w/-])+)|\[(?:(?<every>\*)|(?<index>\d+)|\?\(@(?<path>[^=]+)=="(?<equals>[^"]*)"\))\])/;

function readSteps(path: string): Step[] {
  const steps: Step[] = [];
  for (let rest = path; rest !== ''; ) {
    const match = stepPattern.exec(rest);
    if (match === null) throw new Error(`not understood: ${rest} of ${path}`);
    steps.push(toStep(match.groups ?? {}));
    rest = rest.slice(match[0].length);
  }
  return steps;
}

function toStep({ name, every, index, path, equals }: Record<string, string | undefined>): Step {
  if (name !== undefined) return { kind: 'field', name: name.replaceAll('\\', '') };
  if (every !== undefined) return { kind: 'every' };
  if (index !== undefined) return { kind: 'index', index: Number(index) };
  return { kind: 'where', steps: readSteps(path ?? ''), equals: equals ?? '' };
}

function print(pieces: readonly Piece[], value: unknown): string {
  return pieces
    .map((piece) => {
      if (piece.kind === 'text') return piece.text;
      const found = follow(piece.steps, value);
      return piece.kind === 'path'
        ? found.map(asText).join(' ')
        : found.map((one) => print(piece.body, one)).join('');
    })
    .join('');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function follow(steps: readonly Step[], value: unknown): unknown[] {
  return steps.reduce<unknown[]>(
    (values, step) => values.flatMap((one) => take(step, one)).filter((one) => one !== undefined),
    [value],
  );
}

function take(step: Step, value: unknown): unknown[] {
  const list = Array.isArray(value) ? value : [];
  if (step.kind === 'field') return [(value as Record<string, unknown> | null | undefined)?.[step.name]];
  if (step.kind === 'every') return list;
  if (step.kind === 'index') return list.slice(step.index, step.index + 1);
  return list.filter((one) => follow(step.steps, one)[0] === step.equals);
}
