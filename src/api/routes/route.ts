import type { TokenGuard } from '../http/token.ts';
import type { ApiInstance } from '../instance.ts';
import type { ApiLimits } from '../limits.ts';
import type { ServerMode } from '../peers.ts';
import type { ApiOptions } from '../ports.ts';

/** The parts of the server that routes use. */
export interface RouteContext extends ApiOptions {
  readonly limits: ApiLimits;
  /** The mode of the kill switch; `active` where the server has none. */
  readonly serverMode: () => ServerMode;
  /** Asks for the token; used by routes that change things or cost much. */
  readonly guard: TokenGuard;
  /**
   * Used by what replicas read of one another: asks for the token where the server has one. Without one it is open, as the list of
   * workloads is, and tells no more than that does.
   */
  readonly peerGuard: TokenGuard;
}

/** Adds one route to the API. */
export type Route = (app: ApiInstance, context: RouteContext) => void;
