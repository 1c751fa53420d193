{{/*
Values of former versions, each refused with what to do: a schema would only say that it does not know them. The schema marks
them as deprecated, and docs/upgrading.md has a row for each.
*/}}
{{- define "forescale.checkFormerValues" -}}
{{- $name := include "forescale.fullname" . -}}
{{- $kubectl := printf "kubectl --namespace %s" .Release.Namespace -}}
{{- if .Values.apiToken.generate -}}
{{- $secret := printf "%s-api-token" $name -}}
{{- $remedy := list
  "apiToken.generate was removed, because a tool that only renders made another token at each rendering."
  (printf "Create the Secret yourself: %s create secret generic %s --from-literal=%s=\"$(openssl rand -hex 32)\"." $kubectl $secret .Values.apiToken.key)
  (printf "Or keep the one that Helm made: %s annotate secret %s helm.sh/resource-policy=keep." $kubectl $secret)
  (printf "Then set apiToken.existingSecret to %s and leave apiToken.generate out (docs/upgrading.md)" $secret)
-}}
{{- fail (join " " $remedy) -}}
{{- end -}}
{{- if and .Values.ingress.enabled .Values.ingress.host -}}
{{- fail (printf "ingress.host was renamed: set ingress.hosts to [%s], and leave ingress.host out (docs/upgrading.md)" .Values.ingress.host) -}}
{{- end -}}
{{- end -}}
