import { ForescaleError } from '../../platform/errors.ts';
import type { PluginArguments } from './plugin-arguments.ts';

/** Runs kubectl to its end and gives what it printed. Rejects with what it says where it fails. */
export type Kubectl = (args: readonly string[]) => Promise<string>;

/** The Service of a release, and the port of its HTTP API. */
export interface Release {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  readonly isTls: boolean;
}

const selector = 'app.kubernetes.io/name=forescale,app.kubernetes.io/component=scaler';

interface ServiceJson {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly clusterIP?: string;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly appProtocol?: string;
    }[];
  };
}

/**
 * Finds the Service of the release by its labels: in the namespace that is named, or else in every one, or, where that is not
 * allowed, in that of the context. Rejects where there is none, or more than one.
 */
export async function findRelease(
  kubectl: Kubectl,
  { namespace, release, cluster }: PluginArguments,
): Promise<Release> {
  const list = async (where: readonly string[]) => {
    const text = await kubectl(['get', 'services', '-l', selector, '-o', 'json', ...where, ...cluster]);
    return (JSON.parse(text) as { readonly items: readonly ServiceJson[] }).items;
  };
  const items =
    namespace === undefined
      ? await list(['--all-namespaces']).catch((refused: unknown) =>
          list([]).catch(() => {
            throw refused;
          }),
        )
      : await list(['-n', namespace]);
  const found = items
    .filter(({ metadata }) => release === undefined || instanceOf(metadata) === release)
    .flatMap(toRelease);
  const [only, ...others] = found;
  if (only === undefined) throw none(namespace, release);
  if (others.length > 0) throw several(found);
  return only;
}

function instanceOf({ name, labels }: ServiceJson['metadata']): string {
  return labels?.['app.kubernetes.io/instance'] ?? name;
}

/**
 * A release has one Service with the port that KEDA asks. Others publish its page alone, as on a port of the node, or are headless, by
 * which replicas find one another.
 */
function toRelease({ metadata, spec }: ServiceJson): readonly Release[] {
  const port = spec.ports?.find(({ name }) => name === 'http');
  const isAsked = spec.ports?.some(({ name }) => name === 'grpc') === true;
  if (port === undefined || !isAsked || spec.clusterIP === 'None') return [];
  const { namespace, name } = metadata;
  return [{ namespace, service: name, port: port.port, isTls: port.appProtocol === 'https' }];
}

function none(namespace: string | undefined, release: string | undefined): ForescaleError {
  const where = namespace === undefined ? 'the cluster' : `namespace ${namespace}`;
  const which = release === undefined ? '' : ` of release ${release}`;
  return new ForescaleError(
    'not-found',
    `no Service${which} with the labels ${selector} in ${where}; name its namespace with -n, or the cluster with --context`,
  );
}

function several(found: readonly Release[]): ForescaleError {
  const names = found.map(({ namespace, service }) => `${namespace}/${service}`).join(', ');
  return new ForescaleError(
    'invalid-argument',
    `there are ${found.length} releases (${names}): name one with -n NAMESPACE, or with --release NAME`,
  );
}
