# shellcheck shell=bash
# A Service's port on this machine, for as long as the run lasts.

forwarded_port=''

# forward NAMESPACE SERVICE PORT: sets forwarded_port to a free port that leads there; fails with what kubectl said.
forward() {
  local output=$scratch/forward-$1-$2-$3 tries
  if [[ -s $output.port ]]; then
    forwarded_port=$(<"$output.port")
    return 0
  fi
  start_child "$output" "${kubectl[@]}" "--context=$context" port-forward --address 127.0.0.1 -n "$1" "service/$2" ":$3"
  for ((tries = 0; tries < 150; tries++)); do
    forwarded_port=$(sed -n 's/^Forwarding from 127\.0\.0\.1:\([0-9]*\) .*/\1/p' "$output" | head -n 1)
    if [[ -n $forwarded_port ]]; then
      printf '%s' "$forwarded_port" >"$output.port"
      return 0
    fi
    kill -0 "${children[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  say "$(tail -n 1 "$output")"
  return 1
}

# http_get PORT PATH: the body; fails where the answer is no 2xx.
http_get() { curl --silent --show-error --fail --noproxy '*' --max-time 15 "http://127.0.0.1:$1$2"; }

# The same for a server that may have been given a certificate, which is for its name and not for the forwarded port.
http_or_https_get() {
  http_get "$1" "$2" || curl --silent --show-error --fail --noproxy '*' --max-time 15 --insecure "https://127.0.0.1:$1$2"
}
