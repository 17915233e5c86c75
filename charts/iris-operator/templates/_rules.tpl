{{- /* Generated from the C# types of src/Operator by hack/generate; do not edit. */ -}}
{{- define "iris-operator.rules" -}}
- apiGroups:
    - ""
  resources:
    - configmaps
  verbs:
    - get
- apiGroups:
    - ""
  resources:
    - events
  verbs:
    - list
    - create
    - patch
- apiGroups:
    - ""
  resources:
    - persistentvolumeclaims
  verbs:
    - list
    - watch
    - create
- apiGroups:
    - ""
  resources:
    - pods
  verbs:
    - list
    - watch
- apiGroups:
    - ""
  resources:
    - services
  verbs:
    - get
    - list
    - watch
    - create
    - patch
- apiGroups:
    - apps
  resources:
    - deployments
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - batch
  resources:
    - jobs
  verbs:
    - get
    - list
    - watch
    - create
    - delete
- apiGroups:
    - iris-operator.dev
  resources:
    - irismodels
    - iristrainings
  verbs:
    - get
    - list
    - watch
- apiGroups:
    - iris-operator.dev
  resources:
    - irismodels/status
    - iristrainings/status
  verbs:
    - patch
{{- end }}
{{- define "iris-operator.leaderElectionRules" -}}
- apiGroups:
    - coordination.k8s.io
  resources:
    - leases
  verbs:
    - get
    - create
    - patch
{{- end }}
