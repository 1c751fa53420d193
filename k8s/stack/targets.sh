# shellcheck shell=bash
# Which cluster is meant, and how it is spoken to.

target=''
context=''
# The command that speaks to the cluster, in words; empty where there is none.
kubectl=()

is_compose() { [[ $target == compose ]]; }

# On this machine: images are imported, NodePorts are the doors, and compose may be in the way.
is_local() { [[ " k3s microk8s minikube kind " == *" $target "* ]]; }

overlay() { printf '%s/k8s/overlays/%s' "$root" "$target"; }

# What the cluster must be fit for. The chart brings the scaler alone, so it needs what the base needs.
manifest_folder() {
  if is_given helm; then printf '%s/k8s/base' "$root"; else overlay; fi
}

select_target() {
  target=${given[target]:-}
  if is_compose; then return 0; fi
  select_kubectl
  if [[ -z $target ]]; then
    target=$(target_of_current_context)
    [[ -n $target ]] || usage_error "--target is missing, and the current context tells none; one of: ${targets[*]}"
    say "target $target, told from the current context"
    select_kubectl
  fi
  select_context
}

# The distribution's own kubectl has its own kubeconfig, so it comes first where one is installed.
select_kubectl() {
  if is_given kubectl; then
    read -ra kubectl <<<"${given[kubectl]}"
  elif [[ $target == k3s ]] && has_program k3s; then
    kubectl=(k3s kubectl)
  elif [[ $target == microk8s ]] && has_program microk8s; then
    kubectl=(microk8s kubectl)
  elif has_program kubectl; then
    kubectl=(kubectl)
  elif [[ $target == minikube ]] && has_program minikube; then
    kubectl=(minikube kubectl --)
  else
    kubectl=()
  fi
}

current_context() {
  ((${#kubectl[@]} > 0)) || return 0
  "${kubectl[@]}" config current-context 2>/dev/null || true
}

target_of_current_context() {
  local current
  current=$(current_context)
  case $current in
    minikube | microk8s) printf '%s' "$current" ;;
    kind-*) printf 'kind' ;;
    '') ;;
    *) [[ $("${kubectl[@]}" get --raw /version --request-timeout=10s 2>/dev/null) != *+k3s* ]] || printf 'k3s' ;;
  esac
}

# Fixed here once, so that another terminal that switches contexts meanwhile changes nothing.
select_context() {
  context=${given[context]:-}
  [[ -z $context ]] || return 0
  context=$(current_context)
  case $target in
    kind) [[ $context == kind-* ]] || context=kind-forescale ;;
    minikube) context=minikube ;;
  esac
}

# A local target opens ports of the node, without a password before Prometheus: not into whatever cluster is the current one.
looks_like_target() {
  case $target in
    k3s) [[ $(server_version) == *+k3s* ]] ;;
    microk8s) [[ $context == microk8s ]] || exists nodes -l microk8s.io/cluster=true ;;
    minikube) [[ $context == minikube ]] || exists nodes -l "minikube.k8s.io/name=$context" ;;
    kind) [[ $context == kind-* ]] ;;
  esac
}

# Ends the run where no cluster can be spoken to.
need_cluster() {
  ((${#kubectl[@]} > 0)) || die 'there is no kubectl' "$(kubectl_remedy)"
  [[ -n $context ]] || die 'the kubeconfig has no current context' 'set KUBECONFIG, or say --context NAME'
  [[ -n $(server_version) ]] || die "the cluster of context $context does not answer" './stack doctor says more'
}

kubectl_remedy() { printf 'install kubectl (https://kubernetes.io/docs/tasks/tools), or say --kubectl "k3s kubectl"'; }
