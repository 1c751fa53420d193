# shellcheck shell=bash
# The verbs and options: help, parsing and the document's tests all read them here.

targets=(k3s microk8s minikube kind dev staging production compose)

# verb | words it takes | what it does
verb_table='doctor||check everything before a deployment, with a remedy for each thing that fails; changes nothing
install||what the cluster needs once: KEDA where there is none, namespaces, generated secrets
deploy||bring the image and the manifests of the target, and wait until all of it runs
status||what runs, what the ScaledObjects say, what is not ready
ports||where everything can be reached
logs|[component]|what a component says: forescale, app-a, app-b, app-c, prometheus, grafana, load, keda
load|[script] [LOAD_…=value]|send app-a the load of a week in 28 minutes, or of a day or two in real time
seed||write weeks of history of app-a into Prometheus
test||check what is deployed: gRPC, the chain, Prometheus, the API, the ScaledObjects
credentials||print the generated secrets
cleanup||delete what carries our label, after asking'

# option | value | verbs, or all | what it does
option_table='--target|NAME|all|one of '"${targets[*]}"'; default: told from the current context
--context|NAME|all|context of the kubeconfig; default: the current one (minikube and kind: their own)
--kubectl|COMMAND|all|the kubectl to use, such as "k3s kubectl"; default: the one of the target
--yes||install deploy load seed cleanup|answer every question with yes; needed where the context looks like production
--dry-run||install deploy load seed cleanup|print what would be done and change nothing; manifests go to stdout
--json||doctor test|one JSON object on stdout
--timeout|DURATION|install deploy load seed cleanup|how long to wait for each thing; default: 5m
--helm||doctor install deploy cleanup|the scaler alone, by the chart k8s/charts/forescale
--values|FILE|deploy|values for the chart
--image|REFERENCE|deploy|the image, where it is in a registry or on the nodes already
--archive|FILE|deploy|import this image archive instead of building one
--beside||deploy|even if the other stack, compose or cluster, runs on this machine too
--no-keda||install|leave KEDA to somebody else
--follow||logs|go on until Ctrl-C
--forward||ports|forward the ports to this machine until Ctrl-C
--days|NUMBER|seed|how many days; default: as in k8s/components/load, compose 14
--peak|RATE|seed|highest rate, requests per second; default: as in k8s/components/load, compose 40
--data||cleanup|also PersistentVolumeClaims, so Prometheus'"'"'s history, and the secrets
--keda||cleanup|also KEDA, where install brought it
--crds||cleanup|also KEDA'"'"'s CustomResourceDefinitions, and with them every ScaledObject of the cluster
--help||all|this text'

verb_names() {
  local verb rest names=''
  while IFS='|' read -r verb rest; do names+=" $verb"; done <<<"$verb_table"
  printf '%s' "${names# }"
}

is_verb() { [[ " $(verb_names) " == *" $1 "* ]]; }

# $1: a verb, or nothing for the overview.
print_help() {
  local only=$1 verb words what flag value verbs
  [[ -z $only ]] || is_verb "$only" || usage_error "there is no verb \"$only\"; the verbs are: $(verb_names)"
  if [[ -z $only ]]; then
    printf 'usage: ./stack <verb> [--target <target>] [options]\n\n'
  fi
  while IFS='|' read -r verb words what; do
    if [[ -z $only ]]; then
      printf '  %-12s %s\n' "$verb" "$what"
    elif [[ $verb == "$only" ]]; then
      printf 'usage: ./stack %s%s [options]\n\n%s\n' "$verb" "${words:+ $words}" "$what"
    fi
  done <<<"$verb_table"
  printf '\n'
  while IFS='|' read -r flag value verbs what; do
    if [[ -z $only ]]; then
      [[ $verbs == all ]] || what+=" ($verbs)"
    elif [[ $verbs != all && " $verbs " != *" $only "* ]]; then
      continue
    fi
    printf '  %-22s %s\n' "$flag${value:+ $value}" "$what"
  done <<<"$option_table"
  printf '\nExit: 0 done or all well, 1 not, 2 the command line is wrong. More: docs/kubernetes.md\n'
}
