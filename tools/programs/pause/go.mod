// What holds the namespaces of a pod in `make cluster` (tools/cluster), in place of the image registry.k8s.io/pause.
module forescale.example/pause

go 1.26.0
