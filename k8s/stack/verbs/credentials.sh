# shellcheck shell=bash

# namespace | secret | key | what it is
secret_table='monitoring|grafana-admin|admin-user|Grafana, user
monitoring|grafana-admin|admin-password|Grafana, password
forescale|forescale-api-token|token|forecasting API, bearer token'

# The one verb that prints secrets, and only where it is looked at or caught on purpose.
verb_credentials() {
  if is_compose; then
    say 'compose has none: Grafana only shows, and everything listens on 127.0.0.1'
    return
  fi
  need_cluster
  local namespace secret key what value found=0
  while IFS='|' read -r namespace secret key what; do
    value=$(ask get secret "$secret" -n "$namespace" --ignore-not-found -o "jsonpath={.data.$key}" | base64 --decode)
    [[ -n $value ]] || continue
    found=1
    printf '%-32s %s\n' "$what" "$value"
  done <<<"$secret_table"
  ((found == 1)) || die 'there are no secrets of ours' "./stack install --target $target makes them"
}
