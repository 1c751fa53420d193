import { readFileSync } from 'node:fs';

/** Memory of the chart's pod, MiB, and of one that carries ten thousand workloads (k8s/charts/forescale/values.yaml). */
export const podMemoryMiB = { usual: 512, large: 2048 } as const;
const mostUsualWorkloads = 1000;

/** How a pod starts the server: the environment of the image, and the heap that Node takes in so much memory. */
export function podOf(workloads: number): {
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
} {
  const memoryMiB = workloads <= mostUsualWorkloads ? podMemoryMiB.usual : podMemoryMiB.large;
  // Where memory is bounded, the old heap is at most half of it (HeapSizeFromPhysicalMemory in V8's heap.cc).
  return { execArgv: [`--max-old-space-size=${memoryMiB / 2}`], env: imageEnvironment() };
}

/** What the Dockerfile gives to every process. */
export function imageEnvironment(): Readonly<Record<string, string>> {
  const dockerfile = readFileSync(new URL('../../../Dockerfile', import.meta.url), 'utf8');
  const [, ...lines] = dockerfile.split(/^ENV /m);
  return Object.fromEntries(
    lines.map((line) => {
      const [setting = ''] = line.split('\n');
      const equals = setting.indexOf('=');
      return [setting.slice(0, equals), setting.slice(equals + 1)];
    }),
  );
}
