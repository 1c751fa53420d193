import type { WorkloadDirectory } from '../forecast/workload-view.ts';
import type { History } from '../history/source.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { CertificateSource } from '../platform/tls/serving-certificate.ts';
import type { ApiPlugin } from './instance.ts';
import type { ApiLimits } from './limits.ts';

/** Reads the history an ad-hoc forecast asks for. Rejects with a ForescaleError that names the culprit. */
export interface AdHocForecaster {
  history(
    request: {
      readonly query: string;
      /** An allow-listed address or a profile's name; undefined = the default source. */
      readonly address?: string;
      readonly rangeSeconds: number;
      /** Undefined = whatever suits the range. */
      readonly stepSeconds?: number;
    },
    signal: AbortSignal,
  ): Promise<History>;
}

interface ReadyState {
  readonly ready: boolean;
  /** What is still being waited for; empty when ready. */
  readonly reasons: readonly string[];
}

export type ServerMode = 'active' | 'reactive';

/** The kill switch: `reactive` makes every signal the observed demand at once. */
export interface ModeSwitch {
  mode(): ServerMode;
  setMode(mode: ServerMode): void;
}

/** Everything the HTTP API is made of. */
export interface ApiOptions {
  readonly directory: WorkloadDirectory;
  readonly adHoc: AdHocForecaster;
  readonly ready: () => ReadyState;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  /** Bearer token for routes that change things or cost much, as it is now; rejects when it cannot be had. */
  readonly token?: () => Promise<string>;
  /** Nobody but this machine can connect: then the token is not asked for. */
  readonly boundToLoopback: boolean;
  readonly limits?: Partial<ApiLimits>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly version: string;
  /** HTTPS instead of HTTP; clients are not asked for certificates, because probes have none. */
  readonly certificates?: CertificateSource;
  readonly modeSwitch?: ModeSwitch;
  /** Each is called once, with the finished app, and may add routes of its own. */
  readonly plugins?: readonly ApiPlugin[];
}
