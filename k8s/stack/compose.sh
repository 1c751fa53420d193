# shellcheck shell=bash

# By name: COMPOSE_PROJECT_NAME would make another project's containers orphans of ours, and cleanup would remove them.
compose() { docker compose --project-name forescale --project-directory "$root" --file "$root/compose.yaml" "$@"; }

need_docker() {
  has_program docker || die 'there is no docker' "$(docker_remedy)"
  docker compose version >/dev/null 2>&1 || die 'docker has no Compose 2' "$(docker_remedy)"
}

docker_remedy() { printf 'install Docker with its Compose plugin: https://docs.docker.com/compose/install'; }
