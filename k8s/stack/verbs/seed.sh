# shellcheck shell=bash

# History of app-a into Prometheus, written from inside the cluster or the compose network.
verb_seed() {
  local run=$scratch/seed.yaml edits=()
  if is_compose; then
    seed_compose
    return
  fi
  need_cluster
  confirm_context
  refuse_second_run
  run_of seed "$run"
  if is_given days; then edits+=(-e "s/--days=[0-9.]*/--days=${given[days]}/"); fi
  if is_given peak; then edits+=(-e "s/--peak=[0-9.]*/--peak=${given[peak]}/"); fi
  sed ${edits[@]+"${edits[@]}"} -e '' "$run" >"$run.edited"
  start_run "$run.edited"
  if is_dry_run; then return 0; fi
  if await_run; then
    kube logs "job/$run_name" -n "$load_namespace" --tail=20
    say 'the scaler reads it within minutes; at once: kubectl rollout restart deployment/forescale -n forescale'
  else
    kube logs "job/$run_name" -n "$load_namespace" --tail=20 >&2 || true
    die 'the history was not written' './stack status and ./stack logs prometheus say more'
  fi
}

# Its service has the flags for both, so they are given again as a whole.
seed_compose() {
  local arguments=(src/cli/main.ts seed --prometheus=http://prometheus:9090 --metric=app_requests_total
    '--labels=app=app-a,job=telemetry-app,instance=history,method=POST,route=/process,status=200'
    "--days=${given[days]:-14}" "--peak=${given[peak]:-40}")
  need_docker
  change compose --profile seed run --rm seed "${arguments[@]}"
}
