{{- /* Labels of every object that is not a kind's definition. */ -}}
{{- define "iris-operator.labels" -}}
app.kubernetes.io/name: iris-operator
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "iris-operator.tag" -}}
{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "iris-operator.image" -}}
{{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ include "iris-operator.tag" . }}
{{- end }}

{{- define "iris-operator.trainerImage" -}}
{{ .Values.trainer.image | default (printf "%s/iris-trainer:%s" .Values.image.registry (include "iris-operator.tag" .)) }}
{{- end }}

{{- define "iris-operator.servingImage" -}}
{{ .Values.serving.image | default (printf "%s/iris-serving:%s" .Values.image.registry (include "iris-operator.tag" .)) }}
{{- end }}

{{- define "iris-operator.podSecurityContext" -}}
runAsNonRoot: true
{{- if not .Values.platformUserIds }}
runAsUser: 65532
runAsGroup: 65532
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "iris-operator.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- /* Files about registries: a list of volumes, each mounted where its name says with slashes for hyphens. */ -}}
{{- define "iris-operator.registryVolumes" -}}
{{- with .Values.registries.credentialsSecret }}
- name: registry-credentials
  secret:
    secretName: {{ . }}
    optional: true
{{- end }}
{{- with .Values.registries.caConfigMap }}
- name: registry-ca
  configMap:
    name: {{ . }}
    optional: true
{{- end }}
{{- with .Values.registries.eventsSecret }}
- name: registry-events
  secret:
    secretName: {{ . }}
    optional: true
{{- end }}
{{- end }}
