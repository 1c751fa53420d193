# shellcheck shell=bash

# Fails where nothing else can be checked.
check_access() {
  local version
  if ((${#kubectl[@]} == 0)) || [[ -z $context ]]; then
    fail access 'no context to speak to' 'set KUBECONFIG, or say --context NAME; kubectl config get-contexts lists them'
    return 1
  fi
  version=$(server_version)
  if [[ -z $version ]]; then
    fail access "the cluster of context $context does not answer" "$(access_remedy)"
    return 1
  fi
  well access "context $context"
  if version_at_least "$version" "$KUBERNETES_OLDEST"; then
    well kubernetes "$version"
  else
    fail kubernetes "$version" "Kubernetes $KUBERNETES_OLDEST or newer is needed"
  fi
  if looks_like_production "$context"; then
    warn context "$context looks like production" 'every verb that changes something needs --yes'
  fi
}

access_remedy() {
  case $target in
    k3s) printf 'sudo systemctl start k3s; to read its kubeconfig without root: sudo chmod 640 /etc/rancher/k3s/k3s.yaml and be of its group' ;;
    microk8s) printf 'microk8s start; be of the group microk8s' ;;
    minikube) printf 'minikube start --cpus 4 --memory 6g' ;;
    kind) printf 'kind create cluster --config k8s/overlays/kind/cluster.yaml' ;;
    *) printf '%s --context=%s cluster-info says why' "${kubectl[*]}" "$context" ;;
  esac
}

check_rights() {
  local verb resource namespace denied=''
  while read -r verb resource namespace; do
    [[ $(ask auth can-i "$verb" "$resource" ${namespace:+-n "$namespace"}) == yes* ]] || denied+=", $verb $resource"
  done <<'RIGHTS'
create namespaces
create customresourcedefinitions.apiextensions.k8s.io
create clusterroles.rbac.authorization.k8s.io
create deployments.apps forescale
create secrets forescale
create secrets monitoring
create scaledobjects.keda.sh telemetry-app
create pods/portforward monitoring
RIGHTS
  if [[ -z $denied ]]; then
    well rights 'everything install and deploy do is allowed'
  else
    fail rights "not allowed: ${denied#, }" 'use a context of a cluster administrator'
  fi
}
