# shellcheck shell=bash
# Runs of the suspended CronJobs of k8s/components/load.

load_namespace=telemetry-app

# run_of CRONJOB FILE: the Job it would make now, as YAML, without making it.
run_of() {
  exists "cronjob/$1" -n "$load_namespace" ||
    die "the cluster of context $context has no CronJob $load_namespace/$1" "its overlay needs k8s/components/load; then ./stack deploy --target $target"
  kube create job "$1-$(date -u +%Y%m%d-%H%M%S)" -n "$load_namespace" --from="cronjob/$1" --dry-run=client -o yaml >"$2"
}

# Names of runs that have not ended, as job.batch/name.
unfinished_runs() {
  ask get jobs -n "$load_namespace" -l "$ours,app.kubernetes.io/component=load" \
    -o jsonpath='{range .items[*]}{.metadata.name}{"\t"}{.status.succeeded}{"\t"}{.status.failed}{"\n"}{end}' |
    awk -F'\t' '$1 != "" && $2 + $3 == 0 { print "job/" $1 }'
}

refuse_second_run() {
  local running
  running=$(unfinished_runs)
  [[ -z $running ]] || die "${running//$'\n'/, } has not ended" "./stack logs load --target $target shows it, ./stack load stop --target $target ends it"
}

# Creates the Job of a file and sets run_name.
run_name=''
start_run() {
  change_with "$1" kube create -f -
  run_name=$(names_in "$1" | cut -f3)
}

# await_run: until the Job ends; fails where it fails or takes too long.
await_run() {
  local ended='' limit
  limit=$((SECONDS + $(seconds_of "$(wait_time)")))
  while ((SECONDS < limit)); do
    ended=$(ask get job "$run_name" -n "$load_namespace" -o jsonpath='{.status.succeeded}/{.status.failed}')
    case $ended in
      1/*) return 0 ;;
      /[1-9]*) return 1 ;;
    esac
    sleep 1
  done
  say "$run_name has not ended after $(wait_time)"
  return 1
}

# 1h30m, 5m or 90s in seconds.
seconds_of() {
  local rest=$1 total=0
  while [[ $rest =~ ^([0-9]+)([hms])(.*)$ ]]; do
    case ${BASH_REMATCH[2]} in
      h) total=$((total + 3600 * 10#${BASH_REMATCH[1]})) ;;
      m) total=$((total + 60 * 10#${BASH_REMATCH[1]})) ;;
      s) total=$((total + 10#${BASH_REMATCH[1]})) ;;
    esac
    rest=${BASH_REMATCH[3]}
  done
  printf '%s' "$total"
}
