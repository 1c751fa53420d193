import { manifestPrograms } from './manifest-programs.ts';
import type { Program } from './program.ts';

/** Programs that a release is pushed, signed and looked at with, and the registry that the dry run pushes to. */
export const releasePrograms = {
  registry: {
    names: ['registry'],
    source: {
      kind: 'go',
      module: {
        path: 'github.com/distribution/distribution/v3',
        version: 'v3.0.0',
        package: 'cmd/registry',
      },
    },
    accepts: { args: ['--version'], prints: /distribution\/distribution\/v3 v3\./ },
    install:
      'Go 1.24 or newer and run `make release-tools`, or the registry of github.com/distribution 3 itself,',
  },
  'helm-4.3': {
    ...manifestPrograms.helm,
    // Before 4.3 a packed chart has the times of the day in it, so that no two are the same.
    accepts: { args: ['version', '--short'], prints: /^v4\.(?:[3-9]|\d\d)\./ },
  },
  skopeo: {
    names: ['skopeo'],
    source: { kind: 'debian', package: 'skopeo', libraries: ['libgpgme11', 'libassuan0'] },
    install: 'skopeo 1.9 or newer, or run `make release-tools`,',
  },
  cosign: {
    names: ['cosign'],
    source: {
      kind: 'go',
      module: { path: 'github.com/sigstore/cosign/v3', version: 'v3.0.2', package: 'cmd/cosign' },
    },
    // Version 2 writes signatures of another format by default.
    accepts: { args: ['version'], prints: /^GitVersion: +v3\./m },
    install:
      'Go 1.25 or newer and run `make release-tools`, or cosign 3 itself (on macOS: brew install cosign)',
  },
} as const satisfies Record<string, Program>;
