import { startFakeApi } from '../../../edges/history/prometheus/fake-api.ts';

/** A server in front of a real one that counts what it passes on. */
export async function startForwarder(target: string) {
  const api = await startFakeApi(async ({ method, url, headers, form }, response) => {
    const contentType = headers['content-type'] ?? '';
    const body = method === 'POST' ? { body: form.toString(), headers: { 'content-type': contentType } } : {};
    const answer = await fetch(`${target}${url}`, { method, ...body });
    response
      .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
      .end(await answer.text());
  });
  return { url: api.url, requests: api.requests, count: () => api.requests.length, close: () => api.close() };
}
