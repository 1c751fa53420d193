import type { ApiInstance } from '../instance.ts';
import type { ApiLimits } from '../limits.ts';
import type { ServerMode } from '../peers.ts';
import type { ApiOptions } from '../ports.ts';
import type { TokenGuard } from '../token.ts';

/** The parts of the server that routes use. */
export interface RouteContext extends ApiOptions {
  readonly limits: ApiLimits;
  /** The mode of the kill switch; `active` where the server has none. */
  readonly serverMode: () => ServerMode;
  /** Asks for the token; used by routes that change things or cost much. */
  readonly guard: TokenGuard;
}

/** Adds one route to the API. */
export type Route = (app: ApiInstance, context: RouteContext) => void;
