import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import { pageOptions } from '../../real/api/page/page-fixture.ts';
import { fences } from '../../repository/markdown.ts';

interface Example {
  readonly line: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | undefined;
  /** Paths that jq is asked for, such as `.points[0].median`. */
  readonly paths: readonly string[];
}

/** A line of `curl … | jq '…'` as a request, as far as the document uses curl. */
function exampleOf(line: string): Example {
  const [asked = '', filter = ''] = line.split(' | jq ');
  const words = [...asked.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
  const after = (flag: string) =>
    words.flatMap((word, index) => (word === flag ? [words[index + 1] ?? ''] : []));
  const headers = Object.fromEntries(after('-H').map((header) => header.split(': ') as [string, string]));
  const [method = 'GET'] = after('-X');
  const url = words.find((word) => word.startsWith('$FORESCALE/')) ?? '';
  return {
    line,
    method: method as Example['method'],
    url: url.replace('$FORESCALE', ''),
    headers,
    payload: after('-d')[0],
    paths: /'(.*)'/.exec(filter)?.[1]?.split(', ') ?? [],
  };
}

/** What a path of jq selects, such as `.points[0].median`; undefined where there is nothing. */
function selected(answer: unknown, path: string): unknown {
  const steps = path.match(/\.[a-zA-Z]+|\[\d+\]/g) ?? [];
  expect(steps.join(''), path).toBe(path);
  return steps.reduce<unknown>((value, step) => {
    const name = step.startsWith('.') ? step.slice(1) : Number(step.slice(1, -1));
    return (value as Record<string | number, unknown> | undefined)?.[name];
  }, answer);
}

const examples = fences
  .filter(({ path, language }) => path === 'docs/api.md' && language === 'sh')
  .flatMap(({ text }) => text.split('\n').filter((line) => line.startsWith('curl ')))
  .map(exampleOf);

describe('the examples of docs/api.md', () => {
  let app: ApiInstance;
  beforeAll(async () => {
    app = await createApiApp(pageOptions());
  });
  afterAll(() => app.close());

  it('are many, and ask each kind of route', () => {
    expect(examples.length).toBeGreaterThan(15);
    const routes = examples.map(({ url }) => url.split('?')[0]?.split('/').at(-1));
    for (const route of ['workloads', 'explain', 'decisions', 'forecast', 'outcome', 'what-if', 'mode'])
      expect(routes).toContain(route);
  });

  it.each(examples.map((example) => [example.line, example] as const))(
    'are answered as they are shown: %s',
    async (_, { method, url, headers, payload, paths }) => {
      const answer = await app.inject({ method, url, headers, ...(payload !== undefined && { payload }) });
      const isFault = paths.includes('.code');
      expect(answer.statusCode < 300, answer.body).toBe(!isFault);
      if (paths.length === 0) {
        expect(answer.headers['content-type']).toContain('text/csv');
        expect(answer.body.trim().split('\n').length).toBeGreaterThan(10);
        return;
      }
      for (const path of paths) expect(selected(answer.json(), path), path).toBeDefined();
    },
  );
});
