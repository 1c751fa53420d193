import type { ModeSwitched, ServerMode } from '../../api/peers.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';

/** The kill switch of one replica, and the newest switch that it knows of. */
export interface SharedMode {
  mode(): ServerMode;
  /** The newest switch that somebody made while the replicas ran; undefined = the mode is that of the configuration. */
  switched(): ModeSwitched | undefined;
  /** Switches now. The switch is newer than all that are known, whatever the clocks say. */
  switchTo(mode: ServerMode): ModeSwitched;
  /** Takes a switch that was made at another replica, if it is newer. */
  take(switched: ModeSwitched): void;
}

/** Least distance of two switches, seconds. */
const tickSeconds = 0.001;

/**
 * A mode that is switched at run time holds on every replica, and on those that start later. The mode of the configuration is told to
 * nobody: it changes with the pods. Where the configuration says reactive, no switch to active from before the start undoes it.
 */
export function createSharedMode(
  initial: ServerMode,
  {
    clock,
    log,
    onSwitch,
  }: {
    readonly clock: Clock;
    readonly log: Logger;
    /** Called when the mode changes. */
    readonly onSwitch?: (switched: ModeSwitched) => void;
  },
): SharedMode {
  const sinceSeconds = initial === 'reactive' ? clock() : 0;
  let mode = initial;
  let newest: ModeSwitched | undefined;

  function hold(switched: ModeSwitched, from: 'here' | 'peer'): ModeSwitched {
    newest = switched;
    if (mode !== switched.mode || from === 'here') log.warn({ mode: switched.mode, from }, 'mode-switched');
    if (mode !== switched.mode) onSwitch?.(switched);
    mode = switched.mode;
    return switched;
  }

  return {
    mode: () => mode,
    switched: () => newest,
    switchTo: (wanted) =>
      hold({ mode: wanted, at: Math.max(clock(), (newest?.at ?? 0) + tickSeconds) }, 'here'),
    take(switched) {
      const { at } = newest ?? { at: sinceSeconds };
      // Where two were told different things in the same millisecond, the safe one counts.
      const isNewer = switched.at > at || (switched.at === at && switched.mode === 'reactive');
      if (isNewer) hold(switched, 'peer');
    },
  };
}
