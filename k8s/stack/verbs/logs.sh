# shellcheck shell=bash

# component | namespace | label that its pods carry
component_table='forescale|forescale|app.kubernetes.io/name=forescale
app-a|telemetry-app|app.kubernetes.io/name=app-a
app-b|telemetry-app|app.kubernetes.io/name=app-b
app-c|telemetry-app|app.kubernetes.io/name=app-c
prometheus|monitoring|app.kubernetes.io/name=prometheus
grafana|monitoring|app.kubernetes.io/name=grafana
load|telemetry-app|app.kubernetes.io/component=load
keda|keda|app=keda-operator'

verb_logs() {
  local wanted=${words[0]:-forescale} component namespace label arguments=()
  if is_compose; then
    need_docker
    if is_given follow; then arguments=(--follow); fi
    compose logs --tail 200 ${arguments[@]+"${arguments[@]}"} "$wanted"
    return
  fi
  need_cluster
  if is_given follow; then arguments=(--follow); fi
  while IFS='|' read -r component namespace label; do
    [[ $component == "$wanted" ]] || continue
    kube logs -n "$namespace" -l "$label" --all-containers --prefix --tail=200 --max-log-requests=20 ${arguments[@]+"${arguments[@]}"}
    return
  done <<<"$component_table"
  usage_error "there is no component \"$wanted\"; the components are: $(cut -d'|' -f1 <<<"$component_table" | tr '\n' ' ')"
}
