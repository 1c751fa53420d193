# shellcheck shell=bash

verb_doctor() {
  if is_compose; then
    check_docker
    check_compose_ports
  else
    check_tools
    if check_access; then
      check_rights
      check_namespaces
      check_nodes
      check_storage
      check_ingress
      check_metrics_server
      check_cert_manager
      check_keda
      check_load_balancer
      check_image
      check_cluster_ports
    fi
  fi
  conclude_checks
}
