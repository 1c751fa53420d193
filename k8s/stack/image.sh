# shellcheck shell=bash
# The image is in no registry: it is built from this checkout and carried into the local cluster as an archive.

# With its host, as every container runtime knows what Kubernetes calls forescale:…
image_name=docker.io/library/forescale:$FORESCALE_VERSION

# The first program that can build an image here.
image_builder() {
  local program
  for program in docker podman buildah; do
    if has_program "$program" && "$program" info >/dev/null 2>&1; then
      printf '%s' "$program"
      return
    fi
  done
}

# build_archive FILE
build_archive() {
  local file=$1 builder
  builder=$(image_builder)
  [[ -n $builder ]] || die 'nothing here can build the image: neither docker, podman nor buildah works' \
    'give it one, or an archive made elsewhere: --archive FILE'
  step "building $image_name with $builder"
  change "$builder" build --build-arg "VERSION=$FORESCALE_VERSION" --tag "$image_name" "$root" >&2
  case $builder in
    docker) change docker save --output "$file" "$image_name" ;;
    podman) change podman save --format docker-archive --output "$file" "$image_name" ;;
    buildah) change buildah push "$image_name" "docker-archive:$file:$image_name" ;;
  esac
}

# import_archive FILE: into every place the nodes of the local cluster start containers from.
import_archive() {
  local file=$1
  step "importing the image into $target"
  case $target in
    # Its containerd belongs to root.
    k3s) change "${as_root[@]}" k3s ctr images import "$file" >&2 ;;
    microk8s) change microk8s ctr image import "$file" >&2 ;;
    minikube) change minikube --profile "$context" image load "$file" >&2 ;;
    kind) change kind load image-archive "$file" --name "${context#kind-}" >&2 ;;
  esac
}

as_root=(env)
if ((EUID != 0)); then as_root=(sudo); fi

# Identity of what was brought to a local cluster in this run; empty where nothing was.
brought_image=''

bring_image() {
  local archive=${given[archive]:-}
  if is_given image; then return 0; fi
  if ! is_local; then
    [[ -z $archive ]] || die "--archive is for local clusters, not for $target" 'push the image to a registry and say --image'
    return 0
  fi
  if [[ -z $archive ]]; then
    archive=$scratch/image.tar
    build_archive "$archive"
  fi
  import_archive "$archive"
  is_dry_run || brought_image=$(image_id)
}

# What tells the content of an image from that of another of its name.
image_id() {
  local builder
  if is_given archive; then
    cksum <"${given[archive]}" | tr ' ' '-'
    return
  fi
  builder=$(image_builder)
  case $builder in
    docker | podman) "$builder" image inspect --format '{{.Id}}' "$image_name" ;;
    buildah) buildah images --no-trunc --quiet "$image_name" ;;
  esac | tr -d '\n' | tr -c '[:alnum:]' '-'
}
