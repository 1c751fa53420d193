# shellcheck shell=bash

# component | namespace | label that its pods carry
component_table='forescale|forescale|name=forescale
app-a|telemetry-app|name=app-a
app-b|telemetry-app|name=app-b
app-c|telemetry-app|name=app-c
prometheus|monitoring|name=prometheus
grafana|monitoring|name=grafana
load|telemetry-app|component=load
keda|keda|name=keda-operator'

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
    kube logs -n "$namespace" -l "app.kubernetes.io/$label" --all-containers --prefix --tail=200 --max-log-requests=20 ${arguments[@]+"${arguments[@]}"}
    return
  done <<<"$component_table"
  usage_error "there is no component \"$wanted\"; the components are: $(cut -d'|' -f1 <<<"$component_table" | tr '\n' ' ')"
}
