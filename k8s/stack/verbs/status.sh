# shellcheck shell=bash

verb_status() {
  if is_compose; then
    need_docker
    compose ps
    return
  fi
  need_cluster
  local namespaces namespace unready
  namespaces=$(our_namespaces)
  [[ -n $namespaces ]] || die "nothing of ours is in the cluster of context $context" "./stack install --target $target"
  printf 'target %s, context %s, KEDA %s\n' "$target" "$context" "$(keda_version | grep . || printf 'not installed')"
  for namespace in $namespaces; do
    [[ $namespace != keda ]] || continue
    printf '\n%s\n' "$namespace"
    kube get deployments,statefulsets,jobs,persistentvolumeclaims -n "$namespace" -l "$ours" 2>&1 | grep . || true
  done
  printf '\nScaledObjects\n'
  if has_crd scaledobjects.keda.sh; then
    kube get scaledobjects.keda.sh -A -l "$ours"
    printf '\nHorizontalPodAutoscalers, made by KEDA\n'
    kube get horizontalpodautoscalers -n telemetry-app 2>&1 || true
  else
    printf 'KEDA is not installed: ./stack install\n'
  fi
  unready=$(unready_workloads; our_scaled_objects | awk -F'\t' '$3 != "True" { print "scaledobject " $1 "/" $2 }')
  if [[ -n $unready ]]; then
    printf '\nNot ready:\n%s\n' "$unready"
    return 1
  fi
  printf '\nEverything is ready.\n'
}

# Deployments and StatefulSets of ours that have fewer ready replicas than they want.
unready_workloads() {
  ask get deployments,statefulsets -A -l "$ours" -o jsonpath='{range .items[*]}{.kind}{"\t"}{.metadata.namespace}{"\t"}{.metadata.name}{"\t"}{.spec.replicas}{"\t"}{.status.readyReplicas}{"\n"}{end}' |
    awk -F'\t' '$4 + 0 > $5 + 0 { printf "%s %s/%s: %d of %d\n", tolower($1), $2, $3, $5, $4 }'
}
