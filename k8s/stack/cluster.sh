# shellcheck shell=bash
# Questions to the cluster. None needs jq: kubectl picks the fields.

part_of=app.kubernetes.io/part-of
ours=$part_of=forescale

kube() { "${kubectl[@]}" "--context=$context" "$@"; }

# ask ARGUMENT…: a question that may fail, quickly and quietly; nothing is printed then.
ask() { kube "$@" --request-timeout=15s 2>/dev/null || true; }

exists() { [[ -n $(ask get "$@" --ignore-not-found -o name) ]]; }

# need_answer ARGUMENT…: ends the run where the question fails, because "there is none" would be believed then.
need_answer() {
  kube get "$@" -o name --request-timeout=15s >/dev/null ||
    die 'what is in the cluster could not be asked' 'use a context that may list it; nothing was changed'
}

# What the two below are told by.
need_answer_about_keda() {
  need_answer namespaces -l "$ours"
  need_answer deployments -A -l app.kubernetes.io/name=keda-operator
  need_answer customresourcedefinitions.apiextensions.k8s.io/scaledobjects.keda.sh --ignore-not-found
}

server_version() { ask get --raw /version | sed -n 's/.*"gitVersion": *"\([^"]*\)".*/\1/p'; }

# The namespaces that carry our label, KEDA's among them where install brought it.
our_namespaces() { ask get namespaces -l "$ours" -o jsonpath='{range .items[*]}{.metadata.name}{"\n"}{end}'; }

# foreign_namespaces RENDERED: those of the manifests that are there without our label.
foreign_namespaces() {
  local theirs
  theirs=$(ask get namespaces -l "$part_of!=forescale" -o jsonpath='{range .items[*]}{.metadata.name}{"\n"}{end}')
  names_in "$1" | awk -F'\t' '$1 == "Namespace" { print $3 }' | grep -Fx -f <(printf '%s\n' "$theirs") || true
}

# A namespace of somebody else would get our Pod Security level, quota and default-deny policies, and its pods with them.
refuse_foreign_namespaces() {
  local found
  found=$(foreign_namespaces "$1")
  [[ -z $found ]] || die "not ours, but there: namespace ${found//$'\n'/, }" "$(foreign_namespace_remedy "$found")"
}

foreign_namespace_remedy() {
  printf 'what runs there would come under our quota and network policies; --helm brings the scaler alone. Where it may be ours: %s' \
    "$(typed "${kubectl[@]}" "--context=$context" label namespace "${1%%$'\n'*}" "$ours")"
}

has_crd() { exists "customresourcedefinitions.apiextensions.k8s.io/$1"; }

# Version of the running operator, told from its image; nothing where there is none.
keda_version() {
  ask get deployments -A -l app.kubernetes.io/name=keda-operator \
    -o jsonpath='{.items[*].spec.template.spec.containers[0].image}' | sed -E 's/@.*$//; s/.*://; s/ .*$//'
}

# Who serves the metrics of HPAs that come from outside: namespace/name of a Service; nothing where nobody does.
external_metrics_service() {
  ask get apiservices.apiregistration.k8s.io v1beta1.external.metrics.k8s.io --ignore-not-found \
    -o jsonpath='{.spec.service.namespace}/{.spec.service.name}' | sed 's#^/$##'
}

# A line a ScaledObject of ours: namespace, name, Ready, Active, Fallback, each "True", "False" or "Unknown".
our_scaled_objects() {
  ask get scaledobjects.keda.sh -A -l "$ours" -o jsonpath='{range .items[*]}{.metadata.namespace}{"\t"}{.metadata.name}{"\t"}{.status.conditions[?(@.type=="Ready")].status}{"\t"}{.status.conditions[?(@.type=="Active")].status}{"\t"}{.status.conditions[?(@.type=="Fallback")].status}{"\n"}{end}'
}

# wait_for_rollouts NAMESPACE…: until all of ours in them runs as it should; says what does not.
wait_for_rollouts() {
  local namespace workload workloads failed=0
  for namespace in "$@"; do
    workloads=$(kube get deployments,statefulsets,daemonsets -n "$namespace" -l "$ours" -o name) || return 1
    for workload in $workloads; do
      kube rollout status "$workload" -n "$namespace" --timeout="$(wait_time)" >&2 || failed=1
    done
  done
  ((failed == 0)) || return 1
}
