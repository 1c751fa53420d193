import { delimiter, dirname } from 'node:path';
import type { RunningProgram } from '../../tools/programs/server-process.ts';

/** The image with its two programs running, however it was built. */
export interface StartedImage {
  /** The image's folder /app, as this machine sees it. */
  readonly app: string;
  readonly scaler: RunningProgram;
  readonly telemetryApp: RunningProgram;
  /** Ends both programs. */
  stop(): Promise<void>;
}

/** Only Node, npm and the tools of any Debian: the project's own programs are not to help out. */
export const plainEnvironment = {
  PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
  HOME: process.env['HOME'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
};
