# shellcheck shell=bash
# What a person reads goes to stderr; stdout is for data.

say() { printf '%s\n' "$*" >&2; }

# A step of something longer.
step() { say "==> $*"; }

# Ends with 1 and a way out. $1: what is wrong; $2: what helps.
die() {
  say "stack: $1"
  [[ -z ${2:-} ]] || say "       $2"
  exit 1
}

# Ends with 2: the command line is wrong.
usage_error() {
  say "stack: $1"
  say "       ./stack help says more"
  exit 2
}

# A command as it could be typed.
typed() {
  local text
  printf -v text '%q ' "$@"
  printf '%s' "${text% }"
}

has_program() { command -v "$1" >/dev/null 2>&1; }

# Is version $1 at least $2? Numbers between dots are compared; a leading v and what follows a - or + do not count.
version_at_least() {
  local have=${1#v} want=${2#v}
  have=${have%%[-+]*}
  [[ $(printf '%s\n%s\n' "$want" "$have" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1) == "$want" ]]
}

# A JSON string. Control characters that have no short form become spaces.
json_string() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\t'/\\t}
  text=${text//[[:cntrl:]]/ }
  printf '"%s"' "$text"
}
