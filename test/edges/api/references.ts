/** A schema with what its references mean in their place. */
export function withoutReferences<T>(schema: T, named: Readonly<Record<string, object>>): T {
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('$ref' in schema) {
    const name = String(schema.$ref).replace('#/components/schemas/', '');
    return withoutReferences(named[name] as T, named);
  }
  const children = Object.entries(schema).map(([key, value]) => [key, withoutReferences(value, named)]);
  return (Array.isArray(schema) ? children.map(([, value]) => value) : Object.fromEntries(children)) as T;
}
