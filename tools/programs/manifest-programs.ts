import type { Program } from './program.ts';

interface GoTool {
  readonly path: string;
  readonly version: string;
  /** The program's folder in the module (default: its root). */
  readonly package?: string;
  /**
   * A program on PATH is used instead if what it prints for these arguments matches. A judge needs the exact version that our
   * manifests are held to, because rules differ between versions.
   */
  readonly accepts: NonNullable<Program['accepts']>;
}

/** Programs that render Kubernetes manifests, and programs that judge them. */
const tools = {
  helm: {
    path: 'helm.sh/helm/v4',
    version: 'v4.3.1',
    package: 'cmd/helm',
    accepts: { args: ['version', '--short'], prints: /^v[34]\./ },
  },
  // The version within `kubectl kustomize`. Newer versions need Go 1.27.
  kustomize: {
    path: 'sigs.k8s.io/kustomize/kustomize/v5',
    version: 'v5.8.1',
    accepts: { args: ['version'], prints: /v5\./ },
  },
  kubeconform: {
    path: 'github.com/yannh/kubeconform',
    version: 'v0.8.0',
    package: 'cmd/kubeconform',
    accepts: { args: ['-v'], prints: /^v0\.8\.0$/m },
  },
  // Its go.mod names it golang.stackrox.io/kube-linter, which not every module proxy resolves.
  'kube-linter': {
    path: 'github.com/stackrox/kube-linter',
    version: 'v0.8.3',
    package: 'cmd/kube-linter',
    accepts: { args: ['version'], prints: /^v?0\.8\.3$/m },
  },
  'kube-score': {
    path: 'github.com/zegl/kube-score',
    version: 'v1.20.0',
    package: 'cmd/kube-score',
    accepts: { args: ['version'], prints: /version: v?1\.20\.0,/ },
  },
} as const satisfies Record<string, GoTool>;

type ManifestProgram = keyof typeof tools;

/** Programs for manifests, each built from its pinned Go module. */
export const manifestPrograms = Object.fromEntries(
  Object.entries(tools).map(([name, tool]) => [name, toProgram(name, tool)]),
) as Readonly<Record<ManifestProgram, Program>>;

function toProgram(name: string, { accepts, ...module }: GoTool): Program {
  return {
    names: [name],
    source: { kind: 'go', module },
    accepts,
    install: `Go 1.26 or newer, from which it is built, or ${name} ${module.version.slice(1)} itself`,
  };
}
