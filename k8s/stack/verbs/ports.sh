# shellcheck shell=bash

verb_ports() {
  if is_compose; then
    print_compose_ports
    return
  fi
  need_cluster
  if is_given forward; then
    forward_all
    return
  fi
  local name namespace service port node_port path address
  local held
  address=$(node_address)
  held=$(held_node_ports)
  printf '%-12s %-28s %s\n' WHAT ADDRESS 'OR, FROM ANYWHERE'
  while IFS='|' read -r name namespace service port node_port _ path; do
    if [[ " $held " == *" $node_port "* ]]; then
      printf '%-12s %-28s' "$name" "http://$address:$node_port$path"
    else
      printf '%-12s %-28s' "$name" '-'
    fi
    printf ' %s\n' "$(typed "${kubectl[@]}" "--context=$context" -n "$namespace" port-forward "service/$service" "$node_port:$port")"
  done <<<"$port_table"
  printf '\n./stack ports --forward forwards them all to this machine. Who may log in: ./stack credentials\n'
}

# Where NodePorts answer; kind's cluster.yaml maps them to this machine.
node_address() {
  if [[ $target == kind ]]; then
    printf '127.0.0.1'
    return
  fi
  ask get nodes -o jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}' | awk '{ print $1 }'
}

print_compose_ports() {
  local name port path
  printf '%-12s %s\n' WHAT ADDRESS
  while IFS='|' read -r name _ _ _ _ port path; do
    printf '%-12s http://127.0.0.1:%s%s\n' "$name" "$port" "$path"
  done <<<"$port_table"
  printf '%-12s 127.0.0.1:%s\n' grpc "$compose_grpc_port"
}

forward_all() {
  local name namespace service port node_port path
  while IFS='|' read -r name namespace service port node_port _ path; do
    if is_listening "$node_port"; then
      say "$name: port $node_port of this machine is taken"
      continue
    fi
    start_child "$scratch/$name.log" "${kubectl[@]}" "--context=$context" port-forward --address 127.0.0.1 -n "$namespace" "service/$service" "$node_port:$port"
    say "$name  http://127.0.0.1:$node_port$path"
  done <<<"$port_table"
  ((${#children[@]} > 0)) || die 'nothing was forwarded' 'end what holds the ports'
  say 'Ctrl-C ends it'
  # One that ends by itself has something to say, and so have its like.
  wait -n "${children[@]}" || true
  cat -- "$scratch"/*.log | grep -i error >&2 || true
  die 'a forwarded port broke' './stack status shows whether its pod runs'
}
