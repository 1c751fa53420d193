{{/* The pod of the scaler, for the Deployment and the StatefulSet alike. */}}
{{- define "forescale.pod" -}}
{{- include "forescale.checkValues" . -}}
{{- $tls := .Values.tls -}}
{{- $selector := dict "matchLabels" (include "forescale.selector" (list . "scaler") | fromYaml) -}}
{{- $tokenSecret := .Values.apiToken.existingSecret -}}
metadata:
  labels:
    {{- include "forescale.labels" (list . "scaler") | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    checksum/config: {{ include "forescale.config" . | sha256sum }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "forescale.serviceAccountName" . }}
  automountServiceAccountToken: false
  # Or Kubernetes would set FORESCALE_PORT and the like for the Service.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  {{- with .Values.runtimeClassName }}
  runtimeClassName: {{ . }}
  {{- end }}
  {{- with .Values.dnsPolicy }}
  dnsPolicy: {{ . }}
  {{- end }}
  {{- with .Values.hostAliases }}
  hostAliases:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.dnsConfig }}
  dnsConfig:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  affinity:
    {{- if .Values.affinity }}
    {{- toYaml .Values.affinity | nindent 4 }}
    {{- else }}
    podAntiAffinity:
      preferredDuringSchedulingIgnoredDuringExecution:
        - weight: 100
          podAffinityTerm:
            topologyKey: kubernetes.io/hostname
            labelSelector:
              {{- toYaml $selector | nindent 14 }}
    {{- end }}
  topologySpreadConstraints:
    {{- if .Values.topologySpreadConstraints }}
    {{- toYaml .Values.topologySpreadConstraints | nindent 4 }}
    {{- else }}
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        {{- toYaml $selector | nindent 8 }}
    {{- end }}
    {{- end }}
  securityContext:
    {{- toYaml .Values.podSecurityContext | nindent 4 }}
  {{- with .Values.initContainers }}
  initContainers:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: forescale
      image: {{ include "forescale.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        - dist/cli/main.js
        - serve
        {{- with .Values.extraArgs }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      env:
        - name: FORESCALE_PROMETHEUS_URL
          value: {{ .Values.prometheus.url | quote }}
        - name: FORESCALE_CONFIG
          value: /etc/forescale/forescale.yaml
        - name: FORESCALE_STATE_DIR
          value: /var/lib/forescale
        - name: FORESCALE_MODE
          value: {{ .Values.mode }}
        - name: FORESCALE_LOG_LEVEL
          value: {{ .Values.logLevel }}
        - name: FORESCALE_LOG_FORMAT
          value: {{ .Values.logFormat }}
        {{- if $tokenSecret }}
        - name: FORESCALE_API_TOKEN_FILE
          value: /etc/forescale/api-token/{{ .Values.apiToken.key }}
        {{- end }}
        - name: FORESCALE_PEERS
          value: http{{ if $tls.enabled }}s{{ end }}://{{ include "forescale.fullname" . }}-peers:8080
        {{- if $tls.enabled }}
        - name: FORESCALE_TLS_CERT_FILE
          value: /etc/forescale/tls/tls.crt
        - name: FORESCALE_TLS_KEY_FILE
          value: /etc/forescale/tls/tls.key
        {{- end }}
        {{- if $tls.clientCa.enabled }}
        - name: FORESCALE_TLS_CLIENT_CA_FILE
          value: /etc/forescale/client-ca/{{ $tls.clientCa.key }}
        {{- end }}
        {{- with .Values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .Values.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        - name: grpc
          containerPort: 6000
        - name: http
          containerPort: 8080
      {{- include "forescale.probes" . | trim | nindent 6 }}
      lifecycle:
        # Until no Service sends anything here any more.
        preStop:
          sleep:
            seconds: 5
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      securityContext:
        {{- toYaml .Values.securityContext | nindent 8 }}
      volumeMounts:
        - name: config
          mountPath: /etc/forescale/forescale.yaml
          subPath: forescale.yaml
          readOnly: true
        - name: state
          mountPath: /var/lib/forescale
        - name: tmp
          mountPath: /tmp
        {{- if $tokenSecret }}
        - name: api-token
          mountPath: /etc/forescale/api-token
          readOnly: true
        {{- end }}
        {{- if $tls.enabled }}
        - name: tls
          mountPath: /etc/forescale/tls
          readOnly: true
        {{- end }}
        {{- if $tls.clientCa.enabled }}
        - name: client-ca
          mountPath: /etc/forescale/client-ca
          readOnly: true
        {{- end }}
        {{- range $index, $name := include "forescale.secretMounts" . | fromJsonArray }}
        - name: secret-{{ $index }}
          mountPath: /etc/forescale/secrets/{{ $name }}
          readOnly: true
        {{- end }}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- with .Values.extraContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "forescale.fullname" . }}
    {{- if not .Values.persistence.enabled }}
    - name: state
      emptyDir:
        sizeLimit: 824Mi
    {{- end }}
    - name: tmp
      emptyDir:
        sizeLimit: 64Mi
    {{- with $tokenSecret }}
    - name: api-token
      secret:
        secretName: {{ . }}
        # Readable by the group of the pod alone.
        defaultMode: 0440
    {{- end }}
    {{- if $tls.enabled }}
    - name: tls
      secret:
        secretName: {{ include "forescale.tlsSecret" . }}
        defaultMode: 0440
    {{- end }}
    {{- if $tls.clientCa.enabled }}
    - name: client-ca
      secret:
        secretName: {{ default (include "forescale.tlsSecret" .) $tls.clientCa.existingSecret }}
        defaultMode: 0440
        items:
          - key: {{ $tls.clientCa.key }}
            path: {{ $tls.clientCa.key }}
    {{- end }}
    {{- range $index, $name := include "forescale.secretMounts" . | fromJsonArray }}
    - name: secret-{{ $index }}
      secret:
        secretName: {{ $name }}
        defaultMode: 0440
    {{- end }}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{/*
Three questions: does it answer at all yet, are the workloads it knew warm again, does it still answer. The kubelet's grpc probe
speaks no TLS and shows no certificate. With TLS, readiness asks /readyz by HTTPS, which says the same as gRPC's health service
and asks for no client's certificate, and the start waits for the port of gRPC, which no other probe then knocks at.
*/}}
{{- define "forescale.probes" -}}
{{- range $name, $probe := include "forescale.ownProbes" . | fromYaml }}
{{ $name }}:
  {{- mergeOverwrite $probe (index $.Values.probes (trimSuffix "Probe" $name)) | toYaml | nindent 2 }}
{{- end -}}
{{- end -}}

{{- define "forescale.ownProbes" -}}
{{- $scheme := .Values.tls.enabled | ternary "HTTPS" "HTTP" -}}
startupProbe:
  {{- if .Values.tls.enabled }}
  tcpSocket:
    port: grpc
  {{- else }}
  httpGet:
    path: /healthz
    port: http
  {{- end }}
  periodSeconds: 2
  failureThreshold: 60
readinessProbe:
  {{- if .Values.tls.enabled }}
  httpGet:
    path: /readyz
    port: http
    scheme: HTTPS
  {{- else }}
  grpc:
    port: 6000
  {{- end }}
  periodSeconds: 5
  timeoutSeconds: 2
  failureThreshold: 2
livenessProbe:
  httpGet:
    path: /healthz
    port: http
    scheme: {{ $scheme }}
  periodSeconds: 15
  timeoutSeconds: 5
  failureThreshold: 4
{{- end -}}
