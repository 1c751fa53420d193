import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectRoot, trackedFiles } from './project-files.ts';

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly {
    readonly type: string;
    readonly id?: string;
    readonly attributes: { readonly label?: string; readonly value?: string };
    readonly validations?: { readonly required?: boolean };
  }[];
}

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const folder = '.github/ISSUE_TEMPLATE/';
const forms = trackedFiles(folder).filter((path) => !path.endsWith('config.yml'));

describe('what GitHub asks of who reports and proposes', () => {
  it.each(forms)('%s is a form as GitHub takes it, with an answer that is wanted', (path) => {
    const { name, description, body } = parse(read(path)) as Form;
    expect([name, description].every((text) => text.length > 10)).toBe(true);
    const fields = body.filter(({ type }) => type !== 'markdown');
    expect(fields.every(({ type }) => ['input', 'textarea', 'dropdown', 'checkboxes'].includes(type))).toBe(
      true,
    );
    const ids = fields.map(({ id }) => id);
    expect(new Set(ids).size).toBe(fields.length);
    expect(ids).not.toContain(undefined);
    expect(fields.every(({ attributes }) => (attributes.label ?? '').length > 10)).toBe(true);
    expect(fields.some(({ validations }) => validations?.required === true)).toBe(true);
  });

  it('sends vulnerabilities to the private report of this repository', () => {
    const { contact_links: links } = parse(read(`${folder}config.yml`)) as {
      contact_links: readonly { readonly url: string }[];
    };
    const { homepage } = JSON.parse(read('package.json')) as { homepage: string };
    const [repository] = homepage.split('#');
    expect(links.map(({ url }) => url)).toEqual([`${repository}/security/advisories/new`]);
  });

  it('names only files and commands that there are', () => {
    const texts = [...forms, '.github/PULL_REQUEST_TEMPLATE.md'].map(read).join('\n');
    const named = [...texts.matchAll(/\b(?:docs\/)?[\w-]+\.md\b/g)].map(([name]) => name);
    expect(named.length).toBeGreaterThan(3);
    const tracked = trackedFiles('.');
    expect(named.filter((name) => !tracked.includes(name))).toEqual([]);
    const verbs = [...texts.matchAll(/`make (\w+)`/g)].map(([, verb]) => verb);
    expect(verbs.length).toBeGreaterThan(1);
    expect(verbs.filter((verb) => !new RegExp(`^${verb}:`, 'm').test(read('Makefile')))).toEqual([]);
  });
});
