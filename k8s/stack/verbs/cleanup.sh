# shellcheck shell=bash
# Deletes what carries our label and nothing else, in an order in which nothing gets stuck: ScaledObjects while KEDA is
# there to let them go, then the rest, then namespaces that nothing of anybody else is in.

# A release of the chart carries our label too, in whatever namespace, and is Helm's to take away. Ours is `deploy --helm`'s.
ours_but_helms=$ours,app.kubernetes.io/managed-by!=Helm

verb_cleanup() {
  if is_compose; then
    cleanup_compose
    return
  fi
  need_cluster
  confirm_context
  local namespaces kinds found chart=''
  namespaces=$(our_namespaces)
  namespaces=$(grep -vx keda <<<"$namespaces" || true)
  kinds=$(kinds_of_namespaces) ||
    die 'the kinds of objects could not be asked' "$(typed "${kubectl[@]}" "--context=$context" api-resources) says why; often an APIService that does not answer"
  # Not only in our namespaces: what Prometheus may see of KEDA is in KEDA's.
  found=$(kube get "$kinds" -A -l "$ours_but_helms" -o jsonpath='{range .items[*]}{.metadata.namespace}{"\n"}{end}') ||
    die 'what is ours could not be asked' 'use a context that may list everything'
  if chart_is_installed; then chart=forescale; fi
  if [[ -z $namespaces$found$chart ]] && ! is_given keda && ! is_given crds; then
    say "nothing of ours is in the cluster of context $context"
    return 0
  fi
  refuse_to_orphan_others
  say_what_goes "$found" "$chart"
  confirm 'This deletes all of that.' "$context"
  if [[ -n $chart ]]; then uninstall_chart; fi
  delete_ours "$kinds"
  delete_cluster_wide
  # shellcheck disable=SC2086 # names of namespaces, one a word
  delete_namespaces $namespaces
  if is_given keda; then delete_keda; fi
  if is_given crds; then delete_crds; fi
  say_what_stays
}

cleanup_compose() {
  local arguments=(--profile load --profile seed down --remove-orphans --rmi local)
  need_docker
  if is_given data; then arguments+=(--volumes); fi
  confirm 'This stops and removes the containers of the compose stack.' compose
  change compose "${arguments[@]}" >&2
  is_given data || say "the volumes with Prometheus' history stay; --data removes them too"
}

keda_kinds=scaledobjects.keda.sh,scaledjobs.keda.sh,triggerauthentications.keda.sh,clustertriggerauthentications.keda.sh

# KEDA and its definitions are everybody's: gone, other people's ScaledObjects would stop scaling, or be deleted.
refuse_to_orphan_others() {
  local others
  if ! is_given keda && ! is_given crds; then return 0; fi
  need_answer_about_keda
  if ! is_keda_ours && [[ -n $(keda_version) ]]; then
    die 'KEDA was not installed by ./stack' 'remove it the way it was installed'
  fi
  has_crd scaledobjects.keda.sh || return 0
  others=$(kube get "$keda_kinds" -A -l "$part_of!=forescale" -o name) ||
    die 'whether others use KEDA could not be asked' 'leave --keda and --crds out, or use a context that may list ScaledObjects'
  [[ -z $others ]] || die "others use KEDA: ${others//$'\n'/, }" 'leave --keda and --crds out'
}

# $1: the namespaces of all that is ours, a line an object; $2: the release of the chart, if any.
say_what_goes() {
  say "in the cluster of context $context, labelled $ours:"
  sort <<<"$1" | uniq -c | awk 'NF == 2 { printf "  namespace %s: %d objects\n", $2, $1 }' >&2
  [[ -z $2 ]] || say "  Helm's release $2 in namespace forescale"
  if is_given data; then say '  with PersistentVolumeClaims and secrets'; fi
  if is_given keda; then say "  KEDA, with its namespace"; fi
  if is_given crds; then say "  KEDA's CustomResourceDefinitions, with every ScaledObject of the cluster"; fi
}

# Kinds that can be deleted, without those that others make and unmake by themselves, and those that hold data.
kinds_of_namespaces() {
  local kinds kept='^(pods|replicasets\.apps|endpoints|endpointslices\.discovery\.k8s\.io|controllerrevisions\.apps|events.*|leases\.coordination\.k8s\.io'
  is_given data || kept+='|persistentvolumeclaims|secrets'
  kinds=$(kube api-resources --namespaced=true --verbs=list,delete -o name) || return 1
  grep -Ev "$kept)\$" <<<"$kinds" | paste -sd, -
}

chart_is_installed() {
  has_program helm && [[ $'\n'$(helm_here list --namespace forescale --short 2>/dev/null)$'\n' == *$'\nforescale\n'* ]]
}

uninstall_chart() {
  change helm_here uninstall forescale --namespace forescale --wait --timeout "$(wait_time)" >&2
}

# delete_ours KINDS
delete_ours() {
  if has_crd scaledobjects.keda.sh; then
    change kube delete scaledobjects.keda.sh -A -l "$ours_but_helms" --timeout="$(wait_time)" >&2 || stuck telemetry-app
  fi
  change kube delete "$1" -A -l "$ours_but_helms" --timeout="$(wait_time)" >&2 || stuck telemetry-app
}

delete_cluster_wide() {
  local kinds
  kinds=$(ask api-resources --namespaced=false --verbs=list,delete -o name |
    grep -Ev '^(namespaces|nodes|persistentvolumes|customresourcedefinitions\.apiextensions\.k8s\.io)$' | paste -sd, -)
  [[ -n $kinds ]] || return 0
  change kube delete "$kinds" -l "$ours_but_helms" --timeout="$(wait_time)" >&2
}

# A namespace takes everything in it along, so it goes only when nothing is left that is not ours to take. What every
# namespace has by itself, and the HPAs that KEDA is about to take away, do not count.
delete_namespaces() {
  local namespace left
  for namespace in "$@"; do
    if ! what_would_go_along "$namespace" >"$scratch/left"; then
      say "namespace $namespace stays, for what it holds could not be asked"
      continue
    fi
    left=$(grep -Evx 'serviceaccount/default|configmap/kube-root-ca\.crt|horizontalpodautoscaler\.autoscaling/keda-hpa-.*' "$scratch/left" || true)
    if [[ -n $left ]]; then
      say "namespace $namespace stays, for it holds: ${left//$'\n'/, }"
    else
      change kube delete namespace "$namespace" --ignore-not-found --timeout="$(wait_time)" >&2 || stuck "$namespace"
    fi
  done
}

# What is in a namespace besides ours, and our data; Helm's own records do not count. Fails where it cannot be known.
what_would_go_along() {
  local kinds
  kinds=$(kinds_of_namespaces) || return 1
  kube get "$kinds" -n "$1" -l "$part_of!=forescale,owner!=helm" -o name --ignore-not-found || return 1
  kube get "$kinds" -n "$1" -l "$ours,app.kubernetes.io/managed-by=Helm" -o name --ignore-not-found || return 1
  is_given data || kube get persistentvolumeclaims,secrets -n "$1" -l 'owner!=helm' -o name --ignore-not-found
}

delete_keda() {
  step 'KEDA'
  render "$root/k8s/components/keda" "$scratch/keda.yaml"
  documents_where 'kind != "CustomResourceDefinition"' "$scratch/keda.yaml" >"$scratch/keda-but-crds.yaml"
  change_with "$scratch/keda-but-crds.yaml" kube delete --ignore-not-found --timeout="$(wait_time)" -f - || stuck keda
}

delete_crds() {
  step "KEDA's CustomResourceDefinitions"
  render "$root/k8s/components/keda" "$scratch/keda.yaml"
  documents_where 'kind == "CustomResourceDefinition"' "$scratch/keda.yaml" >"$scratch/crds.yaml"
  change_with "$scratch/crds.yaml" kube delete --ignore-not-found --timeout="$(wait_time)" -f -
}

stuck() {
  die "something in $1 does not go" "where KEDA is gone, nobody takes the finalizer of its ScaledObjects away; do it yourself, for each:
         $(typed "${kubectl[@]}" "--context=$context" patch scaledobject NAME -n "$1" --type=merge -p '{"metadata":{"finalizers":null}}')"
}

say_what_stays() {
  if is_dry_run; then return 0; fi
  is_given data || say "kept: PersistentVolumeClaims and secrets (--data)"
  if is_keda_ours && ! is_given keda; then say 'kept: KEDA (--keda), and its definitions (--crds)'; fi
}
