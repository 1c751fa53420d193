# shellcheck shell=bash

# The image, the manifests, and the wait until all of it runs. Again, it changes only what differs.
verb_deploy() {
  if is_compose; then
    deploy_compose
    return
  fi
  need_cluster
  confirm_context
  refuse_rivals_of_cluster
  local rendered=$scratch/deploy.yaml namespaces
  if is_given helm; then
    bring_image
    deploy_chart
    namespaces=forescale
  else
    render "$(overlay)" "$rendered"
    refuse_foreign_namespaces "$rendered"
    check_deployable "$rendered"
    bring_image
    step "applying k8s/overlays/$target"
    apply_manifests "$rendered"
    namespaces=$(names_in "$rendered" | awk '$1 == "Namespace" { print $3 }')
  fi
  if is_dry_run; then return 0; fi
  restart_for_new_image
  step 'waiting until everything runs'
  # shellcheck disable=SC2086 # names of namespaces, one a word
  wait_for_rollouts $namespaces || {
    ask get pods -A -l "$ours" --field-selector=status.phase!=Running,status.phase!=Succeeded >&2
    die 'not everything came up' "./stack status and ./stack logs say more; kubectl describe pod says why one waits"
  }
  say 'deployed; next: ./stack test, ./stack ports, ./stack seed'
}

deploy_compose() {
  need_docker
  refuse_rivals_of_compose
  change compose up --build --detach --wait >&2
  is_dry_run || say 'deployed; next: ./stack test --target compose'
}

apply_manifests() {
  local rendered=$1
  if is_given image || is_dry_run; then
    change_with "$rendered" kube apply --server-side --field-manager=forescale-stack -f -
  else
    kube apply --server-side --field-manager=forescale-stack -k "$(overlay)" >&2
  fi || die 'the manifests were not taken' 'where a conflict is named: whoever owns the field changed it, so take it back there or out of our manifests'
}

check_deployable() {
  local rendered=$1 namespace
  # KEDA's, where Prometheus is let to see it.
  for namespace in $(names_in "$rendered" | awk -F'\t' '$1 == "Namespace" { own[$3] } $2 != "-" { used[$2] }
    END { for (name in used) if (!(name in own)) print name }'); do
    if ! is_dry_run && ! exists "namespace/$namespace"; then
      die "the manifests need the namespace $namespace" "./stack install --target $target makes ours and KEDA's; where KEDA is in another, say so in k8s/components/prometheus"
    fi
  done
  if grep -q '^kind: ScaledObject$' "$rendered" && ! has_crd scaledobjects.keda.sh && ! is_dry_run; then
    die 'KEDA is not installed' "./stack install --target $target"
  fi
  if ! is_local && grep -Eq '^ *(- )?image: forescale:' "$rendered"; then
    refuse_local_image
  fi
}

refuse_local_image() {
  die "no registry has forescale:$FORESCALE_VERSION" \
    "push it to yours, then: ./stack deploy --target $target --image REGISTRY/forescale:$FORESCALE_VERSION"
}

deploy_chart() {
  local arguments=(upgrade --install forescale "$root/k8s/charts/forescale" --namespace forescale --create-namespace
    --atomic --wait --timeout "$(wait_time)")
  if is_given values; then arguments+=(--values "${given[values]}"); fi
  if is_given image; then
    arguments+=(--set-string "image.repository=${given[image]%:*}" --set-string "image.tag=${given[image]##*:}")
  fi
  if ! is_local && ! is_given image && ! is_given values; then refuse_local_image; fi
  has_program helm || die 'there is no helm' 'install Helm: https://helm.sh/docs/intro/install'
  if is_dry_run; then arguments+=(--dry-run=client); fi
  step 'the chart k8s/charts/forescale'
  helm_here "${arguments[@]}" || die 'the chart was not installed, and Helm has taken back what it did' './stack logs forescale'
}

# Helm reads the kubeconfig itself, and a context of the same name may be another cluster in it: it is given kubectl's own.
helm_here() {
  local kubeconfig=$scratch/kubeconfig
  if [[ ! -s $kubeconfig ]]; then
    "${kubectl[@]}" config view --raw --flatten --minify "--context=$context" >"$kubeconfig"
  fi
  KUBECONFIG=$kubeconfig helm --kube-context "$context" "$@"
}

# An image of the same name with other content changes no manifest, so nothing would be restarted. What was brought last
# is written on the namespace.
restart_for_new_image() {
  local before deployment namespace image
  [[ -n $brought_image ]] || return 0
  before=$(ask get namespace forescale -o jsonpath='{.metadata.annotations.forescale/image-id}')
  [[ $before != "$brought_image" ]] || return 0
  kube annotate --overwrite namespace forescale "forescale/image-id=$brought_image" >/dev/null
  [[ -n $before ]] || return 0
  step 'restarting what runs the former image'
  ask get deployments -A -l "$ours" -o jsonpath='{range .items[*]}{.metadata.namespace}{"\t"}{.metadata.name}{"\t"}{.spec.template.spec.containers[0].image}{"\n"}{end}' |
    while IFS=$'\t' read -r namespace deployment image; do
      [[ $image != forescale:* ]] || kube rollout restart "deployment/$deployment" -n "$namespace" >&2
    done
}
