# shellcheck shell=bash
# What must not outlive the run: a folder for files, and programs in the background. Both go however the run ends.

scratch=''
children=()

tidy_up_at_the_end() {
  umask 077
  trap tidy_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/forescale-stack.XXXXXX")
}

# start_child OUTPUT COMMAND… runs it in the background, in a process group of its own: a kubectl that is a wrapper
# (minikube, microk8s) has children too.
start_child() {
  local output=$1
  shift
  set -m
  "$@" >"$output" 2>&1 </dev/null &
  children+=("$!")
  set +m
}

stop_children() {
  local child
  for child in ${children[@]+"${children[@]}"}; do
    kill -- "-$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  done
  children=()
}

tidy_up() {
  trap '' INT TERM HUP
  stop_children
  [[ -z $scratch ]] || rm -rf -- "$scratch"
}
