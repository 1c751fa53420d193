/** Path of a route about one workload. */
export function workloadPath(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  route: string,
): string {
  return `/api/v1/workloads/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/${route}`;
}
