# shellcheck shell=bash

check_tools() {
  if ((${#kubectl[@]} == 0)); then
    fail kubectl 'not on PATH' "$(kubectl_remedy)"
  else
    well kubectl "${kubectl[*]}, $("${kubectl[@]}" version --client -o json 2>/dev/null |
      sed -n 's/.*"gitVersion": *"\([^"]*\)".*/\1/p' | head -n 1)"
  fi
  check_program curl 'apt-get install curl, or the like: seed and test use it'
  if is_given helm; then check_program helm 'install Helm 3.14 or newer: https://helm.sh/docs/intro/install'; fi
  case $target in
    k3s) check_program k3s 'install K3s: https://docs.k3s.io/quick-start; on another machine, deploy with --image' ;;
    microk8s) check_program microk8s 'sudo snap install microk8s --classic' ;;
    minikube) check_program minikube 'install minikube: https://minikube.sigs.k8s.io/docs/start' ;;
    kind) check_program kind 'install kind: https://kind.sigs.k8s.io/docs/user/quick-start' ;;
  esac
}

check_program() {
  if has_program "$1"; then
    well "$1" "$(command -v "$1")"
  else
    fail "$1" 'not on PATH' "$2"
  fi
}

check_docker() {
  if ! has_program docker || ! docker compose version >/dev/null 2>&1; then
    fail docker 'docker with Compose 2 is missing' "$(docker_remedy)"
  elif ! docker info >/dev/null 2>&1; then
    fail docker 'the daemon does not answer' 'start Docker; on Linux: sudo systemctl start docker, and be of the group docker'
  else
    well docker "Compose $(docker compose version --short 2>/dev/null)"
  fi
}
