# shellcheck shell=bash
# What doctor and test have in common: a line a check, a remedy where one fails, and the sum of it.

checks_json=''
checks_failed=0
checks_seen=0

well() { note_check ok "$1" "$2" ''; }
# Not as it should be, but what is asked for works all the same or brings it.
warn() { note_check warning "$1" "$2" "$3"; }
# It will not work.
fail() {
  checks_failed=$((checks_failed + 1))
  note_check failed "$1" "$2" "$3"
}

note_check() {
  local status=$1 id=$2 found=$3 remedy=$4
  checks_seen=$((checks_seen + 1))
  checks_json+="${checks_json:+,}{\"id\":$(json_string "$id"),\"status\":\"$status\",\"found\":$(json_string "$found"),\"remedy\":$(json_string "$remedy")}"
  if is_given json; then return 0; fi
  printf '%-8s %-16s %s\n' "$status" "$id" "$found"
  [[ -z $remedy ]] || printf '%-8s %-16s -> %s\n' '' '' "$remedy"
}

# Prints the sum; 1 where something failed, and where nothing was checked at all.
conclude_checks() {
  local good=true
  if ((checks_failed > 0 || checks_seen == 0)); then good=false; fi
  if is_given json; then
    printf '{"target":%s,"context":%s,"ok":%s,"checks":[%s]}\n' \
      "$(json_string "$target")" "$(json_string "$context")" "$good" "$checks_json"
  else
    printf '%d checks, %d failed\n' "$checks_seen" "$checks_failed"
  fi
  [[ $good == true ]]
}
