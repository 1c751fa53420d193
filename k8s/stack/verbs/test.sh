# shellcheck shell=bash

# What is deployed, asked the way its users ask it.
verb_test() {
  if is_compose; then
    need_docker
  else
    need_cluster
    check_rollouts
    check_scaled_objects
  fi
  has_program curl || die 'there is no curl' 'install it'
  check_grpc
  check_chain
  check_prometheus
  check_api
  check_grafana
  conclude_checks
}
