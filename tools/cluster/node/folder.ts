import { basename, join } from 'node:path';

/** The folder in which everything of one cluster is. It has the same path inside the cluster's namespaces and outside. */
export interface ClusterFolder {
  readonly path: string;
  /** Name of the control groups of its pods. */
  readonly cgroup: string;
  /** Unix socket of containerd, which answers outside too. */
  readonly containerdSocket: string;
  /** Unix socket of the door to the cluster's network. */
  readonly doorSocket: string;
  /** File with the command line of each program. The cluster starts once it is there. */
  readonly programs: string;
  /** File with what a program of the cluster says. */
  log(program: string): string;
  inside(...names: readonly string[]): string;
}

export function clusterFolder(path: string): ClusterFolder {
  const inside = (...names: readonly string[]) => join(path, ...names);
  return {
    path,
    cgroup: basename(path),
    containerdSocket: inside('containerd.sock'),
    doorSocket: inside('door.sock'),
    programs: inside('programs.json'),
    log: (program) => inside('log', `${program}.log`),
    inside,
  };
}
