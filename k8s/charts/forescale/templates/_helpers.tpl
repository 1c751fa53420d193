{{- define "forescale.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* forescale where the release is called that, else <release>-forescale; 52 characters leave room for suffixes. */}}
{{- define "forescale.fullname" -}}
{{- $name := include "forescale.name" . -}}
{{- $full := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- default $full .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{/* What never changes, for selectors. Call with (list $ "component"). */}}
{{- define "forescale.selector" -}}
{{- $root := first . -}}
app.kubernetes.io/name: {{ include "forescale.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ last . }}
{{- end -}}

{{/* Labels of every object. Call with (list $ "component"). */}}
{{- define "forescale.labels" -}}
{{- $root := first . -}}
{{ include "forescale.selector" . }}
app.kubernetes.io/part-of: forescale
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/*
name, namespace, annotations and labels of an object; labels are last, so that others can follow. Call with (list $ "component"),
and with (dict "suffix" … "namespace" … "annotations" …) as a third where the object has its own.
*/}}
{{- define "forescale.metadata" -}}
{{- $root := first . -}}
{{- $own := len . | eq 3 | ternary (last .) dict -}}
name: {{ include "forescale.fullname" $root }}{{ with $own.suffix }}-{{ . }}{{ end }}
namespace: {{ default $root.Release.Namespace $own.namespace }}
{{- with include "forescale.annotations" (list $root (default dict $own.annotations)) }}{{ nindent 0 . }}{{ end }}
labels:
  {{- include "forescale.labels" (list $root (index . 1)) | nindent 2 }}
{{- end -}}

{{/* Annotations of an object, or nothing. Call with (list $ annotations). */}}
{{- define "forescale.annotations" -}}
{{- with mergeOverwrite (dict) (first .).Values.commonAnnotations (last .) -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{- define "forescale.image" -}}
{{- with .Values.image -}}
{{- with .registry }}{{ . }}/{{ end }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ default $.Chart.AppVersion .tag }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "forescale.serviceAccountName" -}}
{{- with .Values.serviceAccount -}}
{{- .create | ternary (default (include "forescale.fullname" $) .name) .name -}}
{{- end -}}
{{- end -}}

{{- define "forescale.tlsSecret" -}}
{{- default (printf "%s-tls" (include "forescale.fullname" .)) .Values.tls.existingSecret -}}
{{- end -}}

{{- define "forescale.host" -}}
{{- printf "%s.%s.svc" (include "forescale.fullname" .) .Release.Namespace -}}
{{- end -}}

{{/* The configuration file: `config`, and the token of the default source as a profile of that address. */}}
{{- define "forescale.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- with .Values.prometheus.bearerTokenSecret -}}
{{- if .name -}}
{{- $file := printf "/etc/forescale/secrets/%s/%s" .name .key -}}
{{- $profile := dict "name" "default" "url" $.Values.prometheus.url "bearerTokenFile" $file -}}
{{- $_ := set $config "profiles" (prepend (default (list) $config.profiles) $profile) -}}
{{- end -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* Secrets that the configuration reads, without repetition. */}}
{{- define "forescale.secretMounts" -}}
{{- $names := .Values.secretMounts -}}
{{- with .Values.prometheus.bearerTokenSecret.name }}{{ $names = append $names . }}{{ end -}}
{{- $names | uniq | toJson -}}
{{- end -}}

{{/* Values that do not go together, said in words: a schema would only name the place. */}}
{{- define "forescale.checkValues" -}}
{{- include "forescale.checkFormerValues" . -}}
{{- $tls := .Values.tls -}}
{{- if and $tls.enabled (not $tls.existingSecret) (not $tls.certManager.enabled) -}}
{{- fail "tls.enabled: true needs a certificate: set tls.existingSecret, or tls.certManager.enabled: true" -}}
{{- end -}}
{{- if and $tls.existingSecret $tls.certManager.enabled -}}
{{- fail "tls.existingSecret and tls.certManager.enabled: true exclude each other: cert-manager would overwrite the Secret" -}}
{{- end -}}
{{- if and $tls.certManager.enabled (not $tls.certManager.issuerRef.name) -}}
{{- fail "tls.certManager.enabled: true needs tls.certManager.issuerRef.name" -}}
{{- end -}}
{{- if and (not $tls.enabled) (or $tls.clientCa.enabled $tls.certManager.enabled $tls.existingSecret) -}}
{{- fail "tls.clientCa, tls.certManager and tls.existingSecret have no effect without tls.enabled: true" -}}
{{- end -}}
{{- if and (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) -}}
{{- fail "serviceAccount.create: false needs serviceAccount.name" -}}
{{- end -}}
{{- $service := .Values.service -}}
{{- if eq (int $service.ports.grpc) (int $service.ports.http) -}}
{{- fail "service.ports.grpc and service.ports.http must differ" -}}
{{- end -}}
{{- if and (eq (toString $service.type) "ClusterIP") (or $service.nodePorts.grpc $service.nodePorts.http) -}}
{{- fail "service.nodePorts need service.type NodePort or LoadBalancer" -}}
{{- end -}}
{{- if and (eq (toString .Values.dnsPolicy) "None") (not (get (default dict .Values.dnsConfig) "nameservers")) -}}
{{- fail "dnsPolicy: None needs dnsConfig.nameservers" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
{{- fail "ingress.enabled: true needs ingress.hosts" -}}
{{- end -}}
{{- range $name := list "httpRoute" "grpcRoute" -}}
{{- with get $.Values $name -}}
{{- if and .enabled (not .parentRefs) -}}
{{- fail (printf "%s.enabled: true needs %s.parentRefs, the Gateways that it belongs to" $name $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
