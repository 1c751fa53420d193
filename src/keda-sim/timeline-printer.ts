import type { ScalerRpc } from './connection.ts';
import type { KedaSimState } from './keda-sim.ts';
import type { KedaSimEvent } from './timeline.ts';

const barWidth = 30;
const columns = ['time'.padEnd(8), 'value'.padStart(10), 'active', 'desired', 'replicas', 'ready'].join('  ');

/**
 * Prints a simulation as it goes: every poll, and every other event that changed something or failed. People get a table
 * with a bar of replicas (full: ready, hollow: starting); machines get one JSON line for each event.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one short printer for each kind of event, listed side by side
export function createTimelinePrinter(options: {
  readonly asJson: boolean;
  readonly print: (text: string) => void;
}) {
  const { asJson, print } = options;
  let last: KedaSimEvent | undefined;
  let desired: number | null = null;
  // Replicas one character of the bar stands for: it grows with the fleet and never shrinks, so bars stay comparable.
  let replicasPerCell = 1;

  function row(event: KedaSimEvent): string {
    replicasPerCell = Math.max(replicasPerCell, Math.ceil(event.replicas / barWidth));
    const cells = [
      new Date(event.atSeconds * 1000).toISOString().slice(11, 19),
      (event.value === null ? '-' : formatValue(event.value)).padStart(10),
      (event.active === null ? '-' : event.active ? 'yes' : 'no').padEnd('active'.length),
      String(desired ?? '-').padStart('desired'.length),
      String(event.replicas).padStart('replicas'.length),
      String(event.ready).padStart('ready'.length),
    ];
    const failure = event.fault && `  ${event.fault.what} ${event.fault.code}: ${event.fault.message}`;
    return `${cells.join('  ')}  ${bar(event, replicasPerCell)}  ${event.reason}${failure ?? ''}`;
  }

  return {
    event(event: KedaSimEvent): void {
      const isNews =
        last === undefined ||
        event.from === 'poll' ||
        event.fault !== null ||
        event.replicas !== last.replicas ||
        event.ready !== last.ready;
      desired = event.desired ?? desired;
      if (!isNews) return;
      if (asJson) print(`${JSON.stringify(event)}\n`);
      else print(`${last === undefined ? `${columns}\n` : ''}${row(event)}\n`);
      last = event;
    },
    summary(state: KedaSimState, calls: Readonly<Record<ScalerRpc, number>>): void {
      const { polls, failedPolls, hpaSyncs, failedHpaSyncs, failures, lastFailure } = state;
      if (asJson) {
        const replicas = {
          min: state.lowestReplicas,
          max: state.highestReplicas,
          changes: state.changes,
          last: state.replicas,
        };
        const summary = {
          polls,
          failedPolls,
          hpaSyncs,
          failedHpaSyncs,
          errors: failures,
          replicas,
          calls,
          lastFault: lastFailure,
        };
        print(`${JSON.stringify({ summary })}\n`);
        return;
      }
      print(
        [
          '',
          `polls     ${polls}, ${failedPolls} failed`,
          `HPA syncs ${hpaSyncs}, ${failedHpaSyncs} failed`,
          `errors    ${failures}${lastFailure === null ? '' : `, last: ${lastFailure.what} ${lastFailure.code}: ${lastFailure.message}`}`,
          `replicas  ${state.lowestReplicas} to ${state.highestReplicas}, ${state.changes} changes, ${state.replicas} at the end`,
          '',
        ].join('\n'),
      );
    },
  };
}

/** A value as KEDA exposes it, at most three decimals, without trailing zeros. */
function formatValue(value: number): string {
  return String(Number(value.toFixed(3)));
}

function bar(event: KedaSimEvent, replicasPerCell: number): string {
  const full = Math.round(Math.min(event.ready, event.replicas) / replicasPerCell);
  const all = Math.max(full, Math.round(event.replicas / replicasPerCell));
  return `${'█'.repeat(full)}${'░'.repeat(all - full)}`.padEnd(barWidth);
}
