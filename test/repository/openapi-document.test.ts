import { describe, expect, it } from 'vitest';
import { breakingChanges } from '../../tools/documents/breaking-changes.ts';
import { openApiPath, openApiText } from '../../tools/documents/openapi-document.ts';
import { readDocument } from './markdown.ts';

const parameter = (name: string, more: object = {}) => ({
  name,
  in: 'query',
  required: false,
  schema: { type: 'string' },
  ...more,
});
const documentOf = (schema: object, parameters: object[] = [parameter('limit')]) => ({
  paths: { '/a': { get: { parameters, responses: { 200: { description: 'all' } } } } },
  components: { schemas: { Answer: schema, AnyRequest: { required: ['query'] } } },
});
const answer = {
  type: 'object',
  description: 'an answer',
  required: ['state'],
  properties: { state: { type: 'string', enum: ['on', 'off'] } },
};

describe('docs/openapi.json', () => {
  it('is what the server says of itself; make docs writes it', async () => {
    expect(await openApiText()).toBe(readDocument(openApiPath).text);
  });
});

describe('a change of the API', () => {
  const changes = (schema: object, parameters?: object[]) =>
    breakingChanges(documentOf(answer), documentOf(schema, parameters));

  it('breaks nothing where it only adds', () => {
    const more = {
      ...answer,
      description: 'other words',
      required: ['state', 'more'],
      properties: { state: { type: 'string', enum: ['on', 'off', 'new'] }, more: { type: 'number' } },
    };
    expect(changes(more, [parameter('limit'), parameter('offset')])).toEqual([]);
  });

  it.each([
    ['a property is gone', { ...answer, properties: {} }, 'schemas.Answer.properties.state is gone'],
    [
      'a property is another',
      { ...answer, properties: { state: { type: 'number', enum: ['on', 'off'] } } },
      'schemas.Answer.properties.state.type was string and is number',
    ],
    ['a property may be missing', { ...answer, required: [] }, 'schemas.Answer.state may now be missing'],
    [
      'a value is gone',
      { ...answer, properties: { state: { type: 'string', enum: ['on'] } } },
      'schemas.Answer.properties.state.enum: "off" is gone',
    ],
  ])('breaks programs where %s', (_, schema, expected) => {
    expect(changes(schema)).toEqual([expected]);
  });

  it('breaks programs where a parameter is gone or must be given, or an operation is gone', () => {
    expect(changes(answer, [])).toEqual(['get /a: parameter limit is gone']);
    expect(changes(answer, [parameter('limit', { required: true })])).toEqual([
      'get /a: parameter limit must now be given',
    ]);
    expect(breakingChanges(documentOf(answer), { ...documentOf(answer), paths: {} })).toEqual([
      'get /a is gone',
    ]);
    const demanding = {
      ...documentOf(answer),
      components: { schemas: { Answer: answer, AnyRequest: { required: ['query', 'horizon'] } } },
    };
    expect(breakingChanges(documentOf(answer), demanding)).toEqual([
      'schemas.AnyRequest.horizon must now be given',
    ]);
  });
});
