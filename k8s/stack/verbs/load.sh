# shellcheck shell=bash

# script | compose's variables for it
script_table='week|LOAD_WEEK_SECONDS=1680
weekday|LOAD_DAYS=1 LOAD_START_DAY=monday
weekend|LOAD_DAYS=2 LOAD_START_DAY=saturday'

# A load test in the cluster, as a Job that goes on by itself; `stop` ends it.
verb_load() {
  local script=${words[0]:-week} variables=() word run=$scratch/load.yaml
  if [[ $script == *=* ]]; then script=week; else words=(${words[@]+"${words[@]:1}"}); fi
  for word in ${words[@]+"${words[@]}"}; do
    [[ $word =~ ^LOAD_[A-Z0-9_]+= ]] || usage_error "\"$word\" is no LOAD_…=value; docs/load-tests.md lists them"
    variables+=("$word")
  done
  if [[ $script != stop ]] && ! grep -q "^$script|" <<<"$script_table"; then
    usage_error "there is no load \"$script\"; there are: $(cut -d'|' -f1 <<<"$script_table" | tr '\n' ' ')and stop"
  fi
  if is_compose; then
    load_compose "$script" ${variables[@]+"${variables[@]}"}
    return
  fi
  need_cluster
  if [[ $script == stop ]]; then
    stop_load
    return
  fi
  confirm_context
  refuse_second_run
  run_of "load-$script" "$run"
  if ((${#variables[@]} > 0)); then
    mv -- "$run" "$run.plain"
    kube set env --local -f "$run.plain" -o yaml "${variables[@]}" >"$run"
  fi
  start_run "$run"
  is_dry_run || say "$run_name runs: ./stack logs load --follow shows it, ./stack load stop ends it"
}

stop_load() {
  local running
  running=$(unfinished_runs)
  if [[ -z $running ]]; then
    say 'no load runs'
    return
  fi
  confirm_context
  # shellcheck disable=SC2086 # job/name, one a word
  change kube delete -n "$load_namespace" $running >&2
}

load_compose() {
  local script=$1 preset word arguments=()
  shift
  need_docker
  if [[ $script == stop ]]; then
    change docker ps --quiet --filter label=com.docker.compose.project=forescale --filter label=com.docker.compose.service=load |
      while read -r word; do change docker stop "$word" >&2; done
    return
  fi
  preset=$(sed -n "s/^$script|//p" <<<"$script_table")
  for word in $preset "$@"; do arguments+=(--env "$word"); done
  change compose --profile load run --rm "${arguments[@]}" load
}
