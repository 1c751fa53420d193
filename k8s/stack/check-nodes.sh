# shellcheck shell=bash
# Nodes: are they ready, and is there room for what the overlay asks for beside what others ask for.

check_nodes() {
  local nodes=$scratch/nodes
  ask get nodes -o jsonpath='{range .items[*]}{.metadata.name}{"\t"}{.status.conditions[?(@.type=="Ready")].status}{"\t"}{.status.conditions[?(@.type=="DiskPressure")].status}{"\t"}{.status.conditions[?(@.type=="MemoryPressure")].status}{"\t"}{.status.allocatable.cpu}{"\t"}{.status.allocatable.memory}{"\t"}{.spec.unschedulable}{"\t"}{.status.nodeInfo.architecture}{"\n"}{end}' >"$nodes"
  if [[ ! -s $nodes ]]; then
    fail nodes 'none can be seen' 'use a context that may list nodes'
    return 0
  fi
  local bad
  bad=$(awk -F'\t' '$2 != "True" { printf ", %s is not ready", $1 }
    $3 == "True" { printf ", %s is short of disk", $1 } $4 == "True" { printf ", %s is short of memory", $1 }' "$nodes")
  if [[ -z $bad ]]; then
    well nodes "$(wc -l <"$nodes" | tr -d ' ') ready"
  else
    fail nodes "${bad#, }" "kubectl describe node says why"
  fi
  check_room "$nodes"
}

check_room() {
  local nodes=$1 pods=$scratch/pods rendered=$scratch/room.yaml free needed
  [[ -f $(manifest_folder)/kustomization.yaml ]] || return 0
  render "$(manifest_folder)" "$rendered"
  ask get pods -A -l "$part_of!=forescale" --field-selector=status.phase!=Succeeded,status.phase!=Failed -o jsonpath='{range .items[*]}{.spec.nodeName}{"\t"}{.spec.containers[*].resources.requests.cpu}{"\t"}{.spec.containers[*].resources.requests.memory}{"\n"}{end}' >"$pods"
  free=$(free_room "$nodes" "$pods")
  needed=$(requests_in "$rendered")
  local sums="${needed/$'\t'/m CPU and } MiB asked for, ${free/$'\t'/m and } MiB free"
  if (( ${free%%$'\t'*} >= ${needed%%$'\t'*} && ${free##*$'\t'} >= ${needed##*$'\t'} )); then
    well room "$sums"
  else
    fail room "$sums" 'add a node or make one larger, or take something away: kubectl describe nodes shows what asks for how much'
  fi
}

# free_room NODES PODS: CPU in thousandths and memory in MiB that nobody has asked for, on nodes that take pods.
free_room() {
  awk -F'\t' -f "$root/k8s/stack/quantities.awk" -f - "$1" "$2" <<'AWK'
    function sum(list, unit,   parts, count, i, total) {
      count = split(list, parts, " ")
      for (i = 1; i <= count; i++) total += (unit == "cpu") ? milli(parts[i]) : mebi(parts[i])
      return total
    }
    FNR == NR { if ($2 == "True" && $7 != "true") { cpu += milli($5); memory += mebi($6); open[$1] = 1 } next }
    $1 in open { cpu -= sum($2, "cpu"); memory -= sum($3, "memory") }
    END { printf "%d\t%d\n", cpu, memory }
AWK
}
