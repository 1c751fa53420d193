import type { ModeSwitch, ServerMode } from '../api/ports.ts';
import type { Logger } from '../platform/log.ts';

/** The kill switch of one server. A change is logged. */
export function createModeSwitch(initial: ServerMode, log: Logger): ModeSwitch {
  let mode = initial;
  return {
    mode: () => mode,
    setMode(wanted) {
      mode = wanted;
      log.warn({ mode }, 'mode-switched');
    },
  };
}
