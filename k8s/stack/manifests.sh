# shellcheck shell=bash
# Manifests as kustomize prints them: documents between lines of ---, two spaces a level, sorted keys.

# render FOLDER FILE: what kustomize makes of a folder, with the image of --image.
render() {
  local folder=$1 file=$2
  [[ -f $folder/kustomization.yaml ]] || die "there is no ${folder#"$root"/}/kustomization.yaml" 'is this a whole checkout?'
  "${kubectl[@]}" kustomize "$folder" >"$file.rendered" || die "${folder#"$root"/} cannot be rendered"
  if is_given image; then
    sed -E "s#^( *(- )?image: )([^ ]*/)?forescale:[^ ]+\$#\\1${given[image]}#" "$file.rendered" >"$file"
  else
    mv -- "$file.rendered" "$file"
  fi
}

# documents_where CONDITION FILE: those whose kind makes the awk condition true; `kind` is what it may ask about.
documents_where() {
  awk 'function finish() { if (text != "" && kind != "" && ('"$1"')) printf "---\n%s", text; text = ""; kind = "" }
    /^---$/ { finish(); next }
    /^kind: / { kind = $2 }
    { text = text $0 "\n" }
    END { finish() }' "$2"
}

# A line a document: kind, namespace or -, name.
names_in() {
  awk 'function finish() { if (kind != "") print kind "\t" (namespace == "" ? "-" : namespace) "\t" name
      kind = ""; namespace = ""; name = ""; inside = 0 }
    /^---$/ { finish(); next }
    /^[^ ]/ { inside = ($1 == "metadata:") }
    /^kind: / { kind = $2 }
    inside && /^  name: / { name = $2 }
    inside && /^  namespace: / { namespace = $2 }
    END { finish() }' "$1"
}

# What all pods ask for when they run: CPU in thousandths and memory in MiB, separated by a tab. Where replicas are
# KEDA's, one is counted.
requests_in() {
  awk -f "$root/k8s/stack/quantities.awk" -f - "$1" <<'AWK'
    function finish() {
      if (kind ~ /^(Deployment|StatefulSet|Job)$/) { cpu_all += cpu * replicas; memory_all += memory * replicas }
      kind = ""; cpu = 0; memory = 0; replicas = 1; requests = 0
    }
    BEGIN { replicas = 1 }
    /^---$/ { finish(); next }
    /^kind: / { kind = $2 }
    /^  replicas: / { replicas = $2 }
    { match($0, /^ */); depth = RLENGTH }
    requests && depth <= requests { requests = 0 }
    requests && $1 == "cpu:" { cpu += milli($2) }
    requests && $1 == "memory:" { memory += mebi($2) }
    $1 == "requests:" { requests = depth }
    END { finish(); printf "%d\t%d\n", cpu_all, memory_all }
AWK
}
