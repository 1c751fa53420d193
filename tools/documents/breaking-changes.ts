/** A part of an OpenAPI document. */
type Part = Readonly<Record<string, unknown>>;

/**
 * What a program that was written against the document before can stumble over in the one after: an operation, a parameter, a property
 * or a value that is gone, one that is of another type, a property that may now be missing, and what must now be given. Empty where
 * all changes only add something.
 */
export function breakingChanges(before: unknown, after: unknown): readonly string[] {
  const [old, now] = [asPart(before), asPart(after)];
  return [
    ...operationChanges(asPart(old['paths']), asPart(now['paths'])),
    ...partChanges(
      'schemas',
      asPart(asPart(old['components'])['schemas']),
      asPart(asPart(now['components'])['schemas']),
    ),
  ];
}

function operationChanges(before: Part, after: Part): readonly string[] {
  return Object.entries(before).flatMap(([path, methods]) =>
    Object.entries(asPart(methods)).flatMap(([method, operation]) => {
      const where = `${method} ${path}`;
      const now = asPart(after[path])[method];
      if (now === undefined) return [`${where} is gone`];
      return [
        ...parameterChanges(where, asPart(operation), asPart(now)),
        ...partChanges(
          `${where} body`,
          asPart(asPart(operation)['requestBody']),
          asPart(asPart(now)['requestBody']),
        ),
        ...partChanges(
          `${where} answers`,
          asPart(asPart(operation)['responses']),
          asPart(asPart(now)['responses']),
        ),
      ];
    }),
  );
}

function parameterChanges(where: string, before: Part, after: Part): readonly string[] {
  const [old, now] = [before, after].map(({ parameters = [] }) => parameters as readonly Part[]) as [
    readonly Part[],
    readonly Part[],
  ];
  const found = (among: readonly Part[], { name, in: place }: Part) =>
    among.find((one) => one['name'] === name && one['in'] === place);
  return [
    ...old.flatMap((parameter) => {
      const its = `${where}: parameter ${parameter['name']}`;
      const same = found(now, parameter);
      return same === undefined
        ? [`${its} is gone`]
        : partChanges(its, asPart(parameter['schema']), asPart(same['schema']));
    }),
    ...now
      .filter((parameter) => parameter['required'] === true && found(old, parameter)?.['required'] !== true)
      .map(({ name }) => `${where}: parameter ${name} must now be given`),
  ];
}

/** Words and limits may change, and what was not there may come. */
const free = new Set([
  'description',
  'examples',
  'default',
  'minimum',
  'maximum',
  'maxLength',
  'maxItems',
  'summary',
]);

function partChanges(where: string, before: Part, after: Part): readonly string[] {
  return Object.entries(before).flatMap(([key, value]) => {
    if (free.has(key) && typeof value !== 'object') return [];
    const its = `${where}.${key}`;
    const now = after[key];
    if (key === 'required' && Array.isArray(value)) return requiredChanges(where, value, now);
    if (now === undefined) return [`${its} is gone`];
    if (Array.isArray(value) && Array.isArray(now)) return listChanges(its, value, now);
    if (typeof value === 'object' && value !== null) return partChanges(its, value as Part, asPart(now));
    return value === now ? [] : [`${its} was ${String(value)} and is ${String(now)}`];
  });
}

/** In an answer a property that was always there must stay so; in a request nothing more may be asked for. */
function requiredChanges(where: string, before: readonly unknown[], after: unknown): readonly string[] {
  const now: readonly unknown[] = Array.isArray(after) ? after : [];
  const isRequest = /Request$/.test(where);
  const differing = isRequest
    ? now.filter((name) => !before.includes(name))
    : before.filter((name) => !now.includes(name));
  return differing.map(
    (name) => `${where}.${name} ${isRequest ? 'must now be given' : 'may now be missing'}`,
  );
}

function listChanges(
  where: string,
  before: readonly unknown[],
  after: readonly unknown[],
): readonly string[] {
  if (/\.examples$/.test(where)) return [];
  const texts = new Set(after.map((entry) => JSON.stringify(entry)));
  return before
    .map((entry) => JSON.stringify(entry))
    .filter((entry) => !texts.has(entry))
    .map((entry) => `${where}: ${entry} is gone`);
}

function asPart(value: unknown): Part {
  return typeof value === 'object' && value !== null ? (value as Part) : {};
}
