# shellcheck shell=bash
# The compose stack and a cluster's stack on one machine: each asks whether the other runs before it takes its place.

# The state of the compose project, such as "running(7)"; nothing where it does not run or there is no Docker.
compose_project_state() {
  has_program docker || return 0
  docker compose ls --filter name=^forescale\$ 2>/dev/null | awk '$1 == "forescale" { print $2 }' || true
}

# Context of a local cluster our stack is deployed in; nothing where there is none, or none that answers.
local_cluster_with_stack() {
  select_kubectl
  local current
  current=$(current_context)
  case $current in
    kind-* | minikube | microk8s | default | k3d-*) context=$current ;;
    *) return 0 ;;
  esac
  [[ -z $(our_namespaces) ]] || printf '%s' "$context"
}

# NodePorts of ours that a Service of somebody else has taken in the cluster: "port namespace/name" a line.
taken_node_ports() {
  local port
  ask get services -A -l "$part_of!=forescale" -o jsonpath='{range .items[*]}{.metadata.namespace}/{.metadata.name}{"\t"}{.spec.ports[*].nodePort}{"\n"}{end}' |
    while IFS=$'\t' read -r service taken; do
      for port in $(node_ports); do
        [[ " $taken " != *" $port "* ]] || printf '%s %s\n' "$port" "$service"
      done
    done
}

# NodePorts that our own Services have, in one line.
held_node_ports() { ask get services -A -l "$ours" -o jsonpath='{.items[*].spec.ports[*].nodePort}'; }

# NodePorts of ours that answer on this machine although none of our Services has them. Nodes that are containers or virtual
# machines have ports of their own, and kind's are held by Docker for them.
ports_in_the_way() {
  local port held
  [[ $target == k3s || $target == microk8s ]] || return 0
  held=$(held_node_ports)
  for port in $(node_ports); do
    if [[ " $held " != *" $port "* ]] && is_listening "$port"; then printf '%s\n' "$port"; fi
  done
}

refuse_rivals_of_cluster() {
  local found
  is_local || return 0
  found=$(compose_project_state)
  if [[ -n $found ]] && ! is_given beside; then
    die "the compose stack runs on this machine: $found" \
      './stack cleanup --target compose stops it; --beside deploys all the same, for no port is used by both'
  fi
  found=$(taken_node_ports)
  [[ -z $found ]] || die "NodePorts are taken by other Services: ${found//$'\n'/, }" 'delete those Services, or give them other ports'
  found=$(ports_in_the_way)
  [[ -z $found ]] || die "ports of this machine are taken: ${found//$'\n'/, }" "ss -ltnp shows by whom (lsof -i on macOS)"
}

refuse_rivals_of_compose() {
  local found port
  found=$(local_cluster_with_stack)
  if [[ -n $found ]] && ! is_given beside; then
    die "the stack is deployed in the local cluster of context $found" \
      './stack cleanup takes it away; --beside starts compose all the same, for no port is used by both'
  fi
  # What compose itself holds is no obstacle: `up` again is how it is brought up to date.
  [[ -z $(compose_project_state) ]] || return 0
  found=''
  for port in $(compose_ports); do
    if is_listening "$port"; then found+=" $port"; fi
  done
  [[ -z $found ]] || die "ports of this machine are taken:$found" "ss -ltnp shows by whom (lsof -i on macOS)"
}
