/** Whether a workload is one of those that patterns of `namespace/name` mean, where `*` stands for any characters but a slash. */
export function matchesWorkload(
  patterns: readonly string[],
  { namespace, name }: { readonly namespace: string; readonly name: string },
): boolean {
  return patterns.some((pattern) => {
    const [ofNamespace = '', ofName = ''] = pattern.split('/');
    return matches(ofNamespace, namespace) && matches(ofName, name);
  });
}

/** Whether a text is what a pattern means. It looks at each piece once, so that no pattern takes long. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
}
