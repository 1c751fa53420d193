# shellcheck shell=bash

# What the cluster needs once. Again, it finds everything there and changes nothing.
verb_install() {
  if is_compose; then
    need_docker
    say 'nothing to install: ./stack deploy --target compose builds and starts everything'
    return
  fi
  need_cluster
  confirm_context
  local rendered=$scratch/install.yaml
  render "$(manifest_folder)" "$rendered"
  refuse_foreign_namespaces "$rendered"
  install_keda
  install_namespaces "$rendered"
  ensure_secret "$rendered" monitoring grafana-admin admin-user=admin admin-password
  ensure_secret "$rendered" forescale forescale-api-token token
  is_dry_run || say 'installed; next: ./stack deploy'
}

install_keda() {
  local version workload
  if is_given no-keda; then return 0; fi
  need_answer_about_keda
  version=$(keda_version)
  if [[ -n $version ]] && { version_at_least "$version" "$KEDA_VERSION" || ! is_keda_ours; }; then
    say "KEDA $version is there"
    return 0
  fi
  if [[ -z $version ]] && has_crd scaledobjects.keda.sh && ! is_keda_ours; then
    die "KEDA's CustomResourceDefinitions are there, but no operator runs" 'remove what is left of it, or bring its operator back; --no-keda goes on without'
  fi
  step "KEDA $KEDA_VERSION"
  render "$root/k8s/components/keda" "$scratch/keda.yaml"
  change_with "$scratch/keda.yaml" kube apply --server-side --field-manager=forescale-stack -f -
  if is_dry_run; then return 0; fi
  kube wait --for=condition=Established --timeout="$(wait_time)" crd/scaledobjects.keda.sh >&2
  for workload in $(ask get deployments -n keda -o name); do
    kube rollout status "$workload" -n keda --timeout="$(wait_time)" >&2 ||
      die "KEDA does not come up" "./stack logs keda --target $target"
  done
}

# Did install bring it? Then its namespace carries our label.
is_keda_ours() { [[ $'\n'$(our_namespaces)$'\n' == *$'\nkeda\n'* ]]; }

install_namespaces() {
  step 'namespaces'
  documents_where 'kind == "Namespace"' "$1" >"$scratch/namespaces.yaml"
  [[ -s $scratch/namespaces.yaml ]] || return 0
  change_with "$scratch/namespaces.yaml" kube apply --server-side --field-manager=forescale-stack -f -
}

# ensure_secret RENDERED NAMESPACE NAME KEY[=VALUE]…: a key without a value is generated. A secret that is there, whoever
# made it, is left alone, and so is one that the manifests themselves, or External or Sealed Secrets of theirs, bring.
ensure_secret() {
  local rendered=$1 namespace=$2 name=$3 key values=''
  shift 3
  grep -q $'^Namespace\t-\t'"$namespace\$" <(names_in "$rendered") || return 0
  if names_in "$rendered" | grep -Eq $'^(Secret|ExternalSecret|SealedSecret)\t'"$namespace"$'\t'"$name\$"; then
    say "secret $namespace/$name comes with the manifests"
    return 0
  fi
  if exists "secret/$name" -n "$namespace"; then
    say "secret $namespace/$name is there"
    return 0
  fi
  if is_dry_run; then
    say "would create: secret $namespace/$name, generated"
    return 0
  fi
  for key in "$@"; do
    if [[ $key == *=* ]]; then values+="  ${key%%=*}: ${key#*=}"$'\n'; else values+="  $key: $(random_text)"$'\n'; fi
  done
  # On stdin, so that no list of processes shows it.
  printf 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n  namespace: %s\n  labels:\n    app.kubernetes.io/name: %s\n    app.kubernetes.io/component: secret\n    %s: forescale\ntype: Opaque\nstringData:\n%s' \
    "$name" "$namespace" "$name" "$part_of" "$values" | kube create -f - >&2
}

# About 190 bits, of letters and digits only, so that it is a YAML text whatever they are; the s keeps it from being a number.
random_text() { printf 's%s' "$(head -c 24 /dev/urandom | base64 | tr -d '+/=\n')"; }
