# shellcheck shell=bash

# What was given: option without its dashes -> value, "true" for those without.
declare -A given=()
# What is no option: a component, a script, LOAD_…=value.
words=()

is_given() { [[ -n ${given[$1]:-} ]]; }

# parse_options VERB ARGUMENT… fills `given` and `words`, or ends with a usage error.
parse_options() {
  local verb=$1 flag value takes_value
  shift
  while (($# > 0)); do
    flag=$1
    shift
    if [[ $flag == -h ]]; then flag=--help; fi
    if [[ $flag != -* ]]; then
      words+=("$flag")
      continue
    fi
    value=''
    if [[ $flag == --*=* ]]; then
      value=${flag#*=}
      flag=${flag%%=*}
    fi
    takes_value=$(option_value_name "$verb" "$flag")
    if [[ -z $takes_value && -n $value ]]; then usage_error "$flag takes no value"; fi
    if [[ -n $takes_value && -z $value ]]; then
      if (($# == 0)) || [[ $1 == -* ]]; then usage_error "$flag needs a value: $flag $takes_value"; fi
      value=$1
      shift
    fi
    given[${flag#--}]=${value:-true}
  done
  check_words "$verb"
  check_values
}

# Prints what the value of an option is called, nothing where it takes none.
option_value_name() {
  local verb=$1 wanted=$2 flag value verbs
  while IFS='|' read -r flag value verbs _; do
    [[ $flag == "$wanted" ]] || continue
    if [[ $verbs != all && " $verbs " != *" $verb "* ]]; then
      usage_error "$flag is for ${verbs// /, }, not for $verb"
    fi
    printf '%s' "$value"
    return
  done <<<"$option_table"
  usage_error "there is no option $wanted"
}

check_words() {
  local verb=$1 name takes
  ((${#words[@]} > 0)) || return 0
  while IFS='|' read -r name takes _; do
    if [[ $name == "$verb" && -z $takes ]]; then usage_error "$verb takes no \"${words[0]}\""; fi
  done <<<"$verb_table"
}

check_values() {
  local name
  if is_given target && [[ " ${targets[*]} " != *" ${given[target]} "* ]]; then
    usage_error "there is no target \"${given[target]}\"; the targets are: ${targets[*]}"
  fi
  for name in days peak; do
    [[ ${given[$name]:-1} =~ ^[0-9]+([.][0-9]+)?$ ]] || usage_error "--$name must be a number, not \"${given[$name]}\""
  done
  [[ ${given[timeout]:-5m} =~ ^([0-9]+[hms])+$ ]] ||
    usage_error "--timeout must be a duration such as 90s or 5m, not \"${given[timeout]}\""
  # With a tag or a digest, and nothing that sed or Helm would read as more than a name.
  [[ ${given[image]:-a:b} =~ ^[[:alnum:]][[:alnum:]._:/-]*[:@][[:alnum:]._:-]+$ ]] ||
    usage_error "--image must be a reference such as registry.example/forescale:$FORESCALE_VERSION, not \"${given[image]}\""
  for name in archive values; do
    if is_given "$name" && [[ ! -f ${given[$name]} ]]; then usage_error "--$name: there is no file ${given[$name]}"; fi
  done
}

wait_time() { printf '%s' "${given[timeout]:-5m}"; }
