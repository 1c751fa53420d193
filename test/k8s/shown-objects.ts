import { parse as parseYaml, stringify } from 'yaml';
import { fences } from '../repository/markdown.ts';

/** Blocks of YAML in docs: the document, the text and what is in it. */
export const shownYaml = fences
  .filter(({ language, path }) => language === 'yaml' && path.startsWith('docs/'))
  .map(({ path, text }) => ({ path, text, object: parseYaml(text) as Readonly<Record<string, unknown>> }));

/** Objects of Kubernetes in docs by `<document> <number of the block>`, and triggers, each within a ScaledObject. */
export const shownObjects: Readonly<Record<string, string>> = Object.fromEntries(
  shownYaml.flatMap(({ path, text, object }, index): (readonly [string, string])[] => {
    const name = `${path} ${index}`;
    if ('apiVersion' in object && 'kind' in object && !/kustomize\.config/.test(text)) return [[name, text]];
    if (!('triggers' in object)) return [];
    const around = {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: { name: 'shop', namespace: 'shop' },
      spec: { scaleTargetRef: { name: 'shop' }, ...object },
    };
    return [[name, stringify(around)]];
  }),
);
