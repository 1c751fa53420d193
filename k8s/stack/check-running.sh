# shellcheck shell=bash
# What is deployed, compose or cluster: doors are found by reach, the rest is the same.

reached_port=''

# reach NAME: sets reached_port to a port of this machine that leads to a door of the port table.
reach() {
  local name namespace service port compose_port
  while IFS='|' read -r name namespace service port _ compose_port _; do
    [[ $name == "$1" ]] || continue
    reached_port=$compose_port
    if is_compose; then return 0; fi
    forward "$namespace" "$service" "$port" || return 1
    reached_port=$forwarded_port
    return 0
  done <<<"$port_table"
  return 1
}

check_rollouts() {
  local workloads unready
  workloads=$(ask get deployments,statefulsets -A -l "$ours" -o name | wc -l | tr -d ' ')
  unready=$(unready_workloads)
  if ((workloads == 0)); then
    fail workloads 'nothing is deployed' "./stack deploy --target $target"
  elif [[ -n $unready ]]; then
    fail workloads "not ready: ${unready//$'\n'/, }" './stack logs COMPONENT, and kubectl describe pod, say why'
  else
    well workloads "$workloads ready"
  fi
}

check_scaled_objects() {
  local found bad
  found=$(our_scaled_objects)
  bad=$(awk -F'\t' '$1 != "" && $3 != "True" { print $1 "/" $2 }' <<<"$found")
  if [[ -z $found ]]; then
    fail scaled-objects 'there are none' "./stack deploy --target $target"
  elif [[ -n $bad ]]; then
    fail scaled-objects "not ready: ${bad//$'\n'/, }" 'kubectl describe scaledobject says why; ./stack logs keda says what the scaler answered'
  else
    bad=$(awk -F'\t' '$5 == "True" { print $1 "/" $2 }' <<<"$found")
    if [[ -z $bad ]]; then
      well scaled-objects "$(wc -l <<<"$found" | tr -d ' ') ready"
    else
      fail scaled-objects "on their fallback: ${bad//$'\n'/, }" './stack logs forescale says why the scaler answers errors'
    fi
  fi
}

# Asked in the scaler's own container, where the certificates are and nothing else is needed.
check_grpc() {
  local answer question
  question=$(<"$root/k8s/stack/grpc-health.js")
  if is_compose; then
    answer=$(compose exec -T forescale /nodejs/bin/node -e "$question" 2>&1) || true
  else
    answer=$(kube exec -n forescale deployment/forescale -- /nodejs/bin/node -e "$question" 2>&1) || true
  fi
  if [[ $answer == *SERVING ]]; then
    well grpc "health: ${answer##*$'\n'}"
  else
    fail grpc "${answer:-no answer}" './stack logs forescale'
  fi
}

# The chain answers errors at times, by design, so it is asked more than once.
check_chain() {
  local answer='' tries
  if reach app; then
    for ((tries = 0; tries < 5; tries++)); do
      answer=$(curl --silent --show-error --fail --noproxy '*' --max-time 15 --data '[]' "http://127.0.0.1:$reached_port/process" 2>&1) || continue
      [[ $answer != '["app-a","app-b","app-c"]' ]] || break
    done
  fi
  if [[ $answer == '["app-a","app-b","app-c"]' ]]; then
    well chain 'app-a -> app-b -> app-c'
  else
    fail chain "${answer:-no answer}" './stack logs app-a, and so on along the chain'
  fi
}

check_prometheus() {
  local answer='' up down
  if reach prometheus; then answer=$(http_get "$reached_port" '/api/v1/targets?state=active' 2>&1) || true; fi
  up=$(grep -o '"health":"up"' <<<"$answer" | wc -l | tr -d ' ') || true
  down=$(grep -o '"health":"\(down\|unknown\)"' <<<"$answer" | wc -l | tr -d ' ') || true
  if ((up == 0)); then
    fail prometheus 'no target is up, or there is no answer' './stack logs prometheus'
  elif ((down > 0)); then
    fail prometheus "$up targets up, $down not" "./stack ports says where its page /targets shows which and why"
  else
    well prometheus "$up targets up"
  fi
}

check_api() {
  local ready='' workloads=''
  if reach api; then
    ready=$(http_or_https_get "$reached_port" /readyz 2>/dev/null) || ready=''
    workloads=$(http_or_https_get "$reached_port" /api/v1/workloads 2>/dev/null) || workloads=''
  fi
  if [[ -n $ready && $workloads == *'"workloads"'* ]]; then
    well api 'ready, and lists its workloads'
  else
    fail api 'it is not ready, or does not list its workloads' './stack logs forescale'
  fi
}

check_grafana() {
  local answer=''
  if reach grafana; then answer=$(http_get "$reached_port" /api/health 2>&1) || true; fi
  if [[ $answer =~ \"database\":\ *\"ok\" ]]; then
    well grafana 'healthy'
  else
    fail grafana "${answer:-no answer}" './stack logs grafana'
  fi
}
