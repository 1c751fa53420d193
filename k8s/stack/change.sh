# shellcheck shell=bash
# Everything that changes something goes through here, so that --dry-run changes nothing and no cluster is hit by mistake.

is_dry_run() { is_given dry-run; }

# Runs a command that changes something; a dry run only says it.
change() {
  if is_dry_run; then
    say "would run: $(spelled "$@")"
  else
    "$@"
  fi
}

# Our own names for programs, as a person would have to type them.
spelled() {
  case $1 in
    kube) typed "${kubectl[@]}" "--context=$context" "${@:2}" ;;
    helm_here) typed helm --kube-context "$context" "${@:2}" ;;
    compose) typed docker compose --project-name forescale --project-directory "$root" "${@:2}" ;;
    *) typed "$@" ;;
  esac
}

# The same for a command that is fed a file; a dry run prints the file, which is all that is ever on stdout.
change_with() {
  local file=$1
  shift
  if is_dry_run; then
    say "would run: $(spelled "$@") < (what is on stdout)"
    printf -- '---\n'
    cat -- "$file"
  else
    "$@" <"$file" >&2
  fi
}

# Asks for a word to be typed; without a person there to ask, says what would have answered.
confirm() {
  local question=$1 expected=$2 answer=''
  if is_given yes || is_dry_run; then return 0; fi
  if [[ ! -t 0 ]]; then die "$question Nobody is there to ask." "say --yes where you are sure"; fi
  printf '%s Type "%s" to go on: ' "$question" "$expected" >&2
  read -r answer || true
  [[ $answer == "$expected" ]] || die 'nothing was changed'
}

looks_like_production() { [[ ${1,,} =~ (^|[^[:alpha:]])(prod|production|prd|live)([^[:alpha:]]|$) ]]; }

# Before anything is changed: the context is shown, and has to be confirmed where a mistake would hurt.
confirm_context() {
  say "target $target, context $context"
  if is_dry_run; then return 0; fi
  if looks_like_production "$context"; then
    is_given yes || die "the context $context looks like production" 'say --yes where that is meant'
  elif ! looks_like_target; then
    confirm "The cluster of context $context does not look like $target." "$context"
  elif [[ $target == staging || $target == production ]]; then
    confirm "This changes the cluster of context $context." "$context"
  fi
}
