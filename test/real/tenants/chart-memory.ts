import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../../repository/project-files.ts';

const mebibyte = 1024 * 1024;

interface ChartValues {
  readonly config: { readonly limits: { readonly workloads: number } };
  readonly resources: { readonly limits: { readonly memory: string } };
}

function chartValues(): ChartValues {
  return parse(readFileSync(join(projectRoot, 'k8s/charts/forescale/values.yaml'), 'utf8')) as ChartValues;
}

/** Workloads that a pod of the chart takes by default. */
export function chartWorkloads(): number {
  return chartValues().config.limits.workloads;
}

/** Memory that a pod of the chart may take by default, bytes. */
export function chartMemoryBytes(): number {
  const { memory } = chartValues().resources.limits;
  const mebibytes = /^(\d+)Mi$/.exec(memory)?.[1];
  if (mebibytes === undefined) throw new Error(`the chart's memory is ${memory}, not in Mi`);
  return Number(mebibytes) * mebibyte;
}

/**
 * The environment of a server that is started as if it had only that memory: Node takes half of what its container may have for
 * the heap, and far more on a machine without a limit. The image says how much of it is young.
 */
export function chartHeap(): { readonly NODE_OPTIONS: string } {
  const image = readFileSync(join(projectRoot, 'Dockerfile'), 'utf8');
  const options = /^ENV NODE_OPTIONS=(.+)$/m.exec(image)?.[1];
  if (options === undefined) throw new Error('the image sets no NODE_OPTIONS');
  return {
    NODE_OPTIONS: `${options} --max-old-space-size=${Math.floor(chartMemoryBytes() / 2 / mebibyte)}`,
  };
}

/** The most memory a process has had at once so far, bytes. */
export function peakBytes(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`no peak of memory for process ${pid}`);
  return Number(kilobytes) * 1024;
}
