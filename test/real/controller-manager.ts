import { join } from 'node:path';
import { controllerManagerArguments } from '../../tools/cluster/control-plane/controller-manager.ts';
import { type RunningProgram, startServerProcess } from '../../tools/programs/server-process.ts';
import type { ApiServer } from './api-server.ts';
import { installedPath } from './real-programs.ts';

/** Controllers that turn a workload and its autoscaler into Pods that wait for a node. Each acts as its own ServiceAccount. */
const autoscaling = [
  'deployment-controller',
  'horizontal-pod-autoscaler-controller',
  'replicaset-controller',
  'resourcequota-controller',
  'serviceaccount-controller',
];

interface ControllerManagerOptions {
  /** Default: those that autoscaling of a Deployment goes through. */
  readonly controllers?: readonly string[];
  /** Time between two looks of the autoscaler (default: two seconds, not fifteen). */
  readonly syncPeriod?: string;
}

/** Starts controllers of Kubernetes. */
export async function startControllerManager(
  server: ApiServer,
  { controllers = autoscaling, syncPeriod = '2s' }: ControllerManagerOptions = {},
): Promise<RunningProgram> {
  const kubeconfig = server.controllerManagerKubeconfig;
  const certificates = (dataFolder: string) => join(dataFolder, 'certificates');
  return startServerProcess({
    name: 'kube-controller-manager',
    path: await installedPath('kube-controller-manager'),
    readyPath: '/healthz',
    readyTimeoutMs: 120_000,
    authorityFile: (dataFolder) => join(certificates(dataFolder), 'kube-controller-manager.crt'),
    args: (port, dataFolder) => [
      ...controllerManagerArguments(kubeconfig, { controllers, syncPeriod }),
      `--secure-port=${port}`,
      `--cert-dir=${certificates(dataFolder)}`,
    ],
  });
}
