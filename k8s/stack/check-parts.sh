# shellcheck shell=bash
# What the manifests rely on and others bring: storage, ingress, certificates, KEDA, metrics.

# Namespaces that we would have to share: our manifests set their Pod Security level, quota and default-deny policies.
check_namespaces() {
  local found
  render_parts || return 0
  found=$(foreign_namespaces "$scratch/parts.yaml")
  if [[ -z $found ]]; then
    well namespaces 'free or ours'
  else
    fail namespaces "there, and not ours: ${found//$'\n'/, }" "$(foreign_namespace_remedy "$found")"
  fi
}

# Does what is deployed have a document of this kind? $1: an awk condition on kind, as in documents_where.
overlay_has() {
  render_parts || return 1
  [[ -n $(documents_where "$1" "$scratch/parts.yaml") ]]
}

render_parts() {
  if [[ -s $scratch/parts.yaml ]]; then return 0; fi
  [[ -f $(manifest_folder)/kustomization.yaml ]] || return 1
  render "$(manifest_folder)" "$scratch/parts.yaml"
}

check_storage() {
  local classes default_class wanted=''
  if render_parts && ! overlay_has 'kind == "PersistentVolumeClaim" || text ~ /\n  volumeClaimTemplates:\n/'; then return 0; fi
  if render_parts; then wanted=$(sed -n 's/^ *storageClassName: //p' "$scratch/parts.yaml" | sort -u); fi
  classes=$(ask get storageclasses -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.metadata.annotations.storageclass\.kubernetes\.io/is-default-class}{"\n"}{end}')
  default_class=$(awk '$2 == "true" { print $1 }' <<<"$classes")
  if [[ -n $wanted ]]; then
    if grep -q "^$wanted " <<<"$classes"; then
      well storage-class "$wanted, which the overlay asks for"
    else
      fail storage-class "there is no $wanted, which the overlay asks for" "$(storage_remedy "$wanted")"
    fi
  elif [[ -n $default_class ]]; then
    well storage-class "${default_class//$'\n'/, } is the default"
  elif [[ -n $classes ]]; then
    fail storage-class 'none is the default' "kubectl patch storageclass NAME -p '{\"metadata\":{\"annotations\":{\"storageclass.kubernetes.io/is-default-class\":\"true\"}}}'"
  else
    fail storage-class 'there is none' "$(storage_remedy local-path)"
  fi
}

storage_remedy() {
  case $target:$1 in
    microk8s:*) printf 'microk8s enable hostpath-storage' ;;
    minikube:*) printf 'minikube --profile %s addons enable storage-provisioner' "$context" ;;
    *:longhorn) printf 'install Longhorn (https://longhorn.io/docs), or take another of k8s/components/storage into the overlay' ;;
    *) printf 'install it, such as https://github.com/rancher/local-path-provisioner, or take another of k8s/components/storage' ;;
  esac
}

check_ingress() {
  local classes
  classes=$(ask get ingressclasses -o jsonpath='{.items[*].metadata.name}')
  if [[ -n $classes ]]; then
    well ingress "$classes"
  elif overlay_has 'kind == "Ingress"'; then
    fail ingress 'no IngressClass, and the overlay has an Ingress' 'install an ingress controller, or leave the component ingress out'
  else
    warn ingress 'no IngressClass' 'none is needed here: ./stack ports says how everything is reached'
  fi
}

check_metrics_server() {
  if [[ $(ask get apiservices.apiregistration.k8s.io v1beta1.metrics.k8s.io --ignore-not-found -o jsonpath='{.status.conditions[?(@.type=="Available")].status}') == True ]]; then
    well metrics-server 'available'
  else
    local remedy='install it: https://github.com/kubernetes-sigs/metrics-server'
    case $target in
      microk8s) remedy='microk8s enable metrics-server' ;;
      minikube) remedy="minikube --profile $context addons enable metrics-server" ;;
    esac
    warn metrics-server 'not available: HPAs on CPU and kubectl top need it, Forescale does not' "$remedy"
  fi
}

check_cert_manager() {
  if has_crd certificates.cert-manager.io; then
    well cert-manager 'its CustomResourceDefinitions are there'
  elif overlay_has 'kind == "Certificate"'; then
    fail cert-manager 'missing, and the overlay has Certificates' 'install it: https://cert-manager.io/docs/installation'
  else
    warn cert-manager 'missing' 'none is needed here'
  fi
}

check_keda() {
  local version service
  version=$(keda_version)
  if [[ -z $version ]]; then
    if has_crd scaledobjects.keda.sh; then
      fail keda 'its CustomResourceDefinitions are there, but no operator runs' 'remove what is left of it, or install KEDA again; then ./stack install'
    else
      warn keda 'not installed' "./stack install brings $KEDA_VERSION"
    fi
  elif version_at_least "$version" "$KEDA_OLDEST"; then
    well keda "$version"
  else
    fail keda "$version" "KEDA $KEDA_OLDEST or newer is needed: upgrade it the way it was installed"
  fi
  service=$(external_metrics_service)
  case $service in
    '') ;;
    */keda-*) well external-metrics "$service" ;;
    *) fail external-metrics "served by $service" 'a cluster has one such service, and KEDA needs to be it: remove the other adapter' ;;
  esac
}

check_load_balancer() {
  local pending
  overlay_has 'text ~ /\n  type: LoadBalancer\n/' || return 0
  pending=$(ask get services -A -o jsonpath='{range .items[*]}{.spec.type}{"\t"}{.metadata.namespace}/{.metadata.name}{"\t"}{.status.loadBalancer.ingress[*].ip}{.status.loadBalancer.ingress[*].hostname}{"\n"}{end}' | awk -F'\t' '$1 == "LoadBalancer" && $3 == "" { print $2 }')
  if [[ -z $pending ]]; then
    well load-balancer 'no Service waits for an address'
  else
    fail load-balancer "without an address: ${pending//$'\n'/, }" 'give the cluster a load balancer, such as MetalLB (microk8s enable metallb)'
  fi
}

check_image() {
  local builder
  is_local || return 0
  if [[ $(ask get nodes -o jsonpath='{.items[*].status.images[*].names}') == *"/forescale:$FORESCALE_VERSION"* ]]; then
    well image "forescale:$FORESCALE_VERSION is on a node"
    return 0
  fi
  builder=$(image_builder)
  if [[ -n $builder ]]; then
    well image "deploy builds it with $builder"
  else
    fail image 'it is on no node, and neither docker, podman nor buildah works here' \
      './stack deploy --archive FILE imports an archive made elsewhere'
  fi
}
