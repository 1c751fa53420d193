// Asks the API what probes, people and Prometheus ask it.
const { TEST_HTTP_URL: url } = process.env;
for (const path of ['/healthz', '/readyz', '/api/v1/status', '/api/v1/workloads', '/metrics']) {
  const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000) });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  console.log(`${path}: ${answer.status}`);
}
