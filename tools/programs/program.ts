/** The environment to look in: `PATH`, and `FORESCALE_CACHE_DIR` where fetched programs are kept. */
export type ProgramEnvironment = Readonly<Record<string, string | undefined>>;

/** A program of a Go module, built from its source. */
export interface GoModule {
  readonly path: string;
  /** Exact, such as `v2.2.0`. */
  readonly version: string;
  /** The program's folder in the module (default: its root). */
  readonly package?: string;
  /** Variables the linker sets, as `import/path.name=value`: how many a program learns its own version. */
  readonly stamps?: readonly string[];
  /** A folder of ours whose go.mod and go.sum pin the module and all it needs, where its own source does not build. */
  readonly pinnedIn?: URL;
}

/** A Python wheel that brings programs or data along. */
export interface PythonWheel {
  readonly package: string;
  /** Exact, such as `2.15.1`. */
  readonly version: string;
  /** The folder in it that is wanted (default: the programs it would put on PATH). */
  readonly content?: string;
}

/** A real program that demo, tests or load tests start. */
export interface Program {
  /** What it goes by. */
  readonly names: readonly string[];
  /**
   * Where it comes from when it is not on PATH. `libraries` are Debian packages that are unpacked into the same folder,
   * because the program needs them and few machines have them.
   */
  readonly source:
    | { readonly kind: 'debian'; readonly package: string; readonly libraries?: readonly string[] }
    | { readonly kind: 'go'; readonly module: GoModule }
    | { readonly kind: 'wheel'; readonly wheel: PythonWheel };
  /** One on PATH counts only if what `args` make it print matches. */
  readonly accepts?: { readonly args: readonly string[]; readonly prints: RegExp };
  /** What a person would install. */
  readonly install: string;
}
