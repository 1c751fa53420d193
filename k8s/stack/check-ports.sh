# shellcheck shell=bash

check_cluster_ports() {
  local found
  is_local || return 0
  found=$(taken_node_ports)
  if [[ -z $found ]]; then
    well node-ports "free or ours: $(node_ports | tr '\n' ' ')"
  else
    fail node-ports "taken by other Services: ${found//$'\n'/, }" 'delete those Services, or give them other ports'
  fi
  found=$(ports_in_the_way)
  [[ -z $found ]] || fail ports "taken on this machine: ${found//$'\n'/, }" "ss -ltnp shows by whom (lsof -i on macOS)"
  found=$(compose_project_state)
  [[ -z $found ]] || fail compose "the compose stack runs: $found" './stack cleanup --target compose, or deploy with --beside'
}

check_compose_ports() {
  local port taken='' found
  found=$(local_cluster_with_stack)
  [[ -z $found ]] || fail cluster "the stack is deployed in the local cluster of context $found" './stack cleanup, or deploy with --beside'
  if [[ -n $(compose_project_state) ]]; then
    well ports 'held by the compose stack itself'
    return 0
  fi
  for port in $(compose_ports); do
    if is_listening "$port"; then taken+=" $port"; fi
  done
  if [[ -z $taken ]]; then
    well ports "free: $(compose_ports | tr '\n' ' ')"
  else
    fail ports "taken on this machine:$taken" "ss -ltnp shows by whom (lsof -i on macOS)"
  fi
}
