import type { KubeObject } from '../../tools/stack/objects.ts';

export const ours = { 'app.kubernetes.io/part-of': 'forescale' };

/** An object of a kind at `namespace/name`, with whatever else a test needs. */
export function object(
  kind: string,
  place: string,
  more: Partial<KubeObject> & { labels?: Record<string, string> } = {},
): KubeObject {
  const [namespace = '', name = ''] = place.split('/');
  const { labels = {}, ...rest } = more;
  return { kind, metadata: { name, namespace, labels, ...rest.metadata }, ...rest };
}

/** A status with conditions, given as `Ready=True`. */
export const conditions = (...states: string[]) => ({
  status: {
    conditions: states.map((one) => ({ type: one.replace(/=.*/, ''), status: one.replace(/.*=/, '') })),
  },
});
