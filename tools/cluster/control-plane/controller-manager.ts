/** The command line of a kube-controller-manager without its address, its certificate and its keys. */
export function controllerManagerArguments(
  kubeconfig: string,
  { controllers, syncPeriod }: { readonly controllers: readonly string[]; readonly syncPeriod: string },
): readonly string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--bind-address=127.0.0.1',
    `--controllers=${controllers.join(',')}`,
    '--use-service-account-credentials=true',
    '--leader-elect=false',
    `--horizontal-pod-autoscaler-sync-period=${syncPeriod}`,
  ];
}
