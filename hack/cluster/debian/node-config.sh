# shellcheck shell=bash
# The configuration of the node's programs: their files, their flags, and the settings of `node`, `dns` and `provisioner`.
# Paths are as the node sees them: the state folder is /run/iris, the binaries are /run/assets, so that a long home folder
# cannot push a socket over the 108 bytes that Unix allows. Sourced, never run; the caller sets the names of write_settings.

readonly CONTAINERD_SOCKET=/run/containerd/containerd.sock

# write_node_config <folder>
write_node_config() {
    mkdir -p "$1/cni" "$1/registries"
    write_settings "$1"
    write_containerd_config "$1"
    write_kubelet_config "$1"
    write_proxy_config "$1"
    write_audit_policy "$1"
    write_addons "$1"
    if [[ $LOCAL_REGISTRY ]]; then
        write_registry_config "$1"
        write_mirror "$1" "$LOCAL_REGISTRY" "http://$LOCAL_REGISTRY"
    fi
}

# at_least <program of Kubernetes> <minor>   Whether the one in the assets folder is 1.<minor> or newer.
at_least() {
    local version
    version=$("$ASSETS_DIR/$1" --version)
    [[ $version =~ v1\.([0-9]+) ]] || die "$ASSETS_DIR/$1 calls its version '$version', not v1.something"
    ((BASH_REMATCH[1] >= $2))
}

# The addresses and names, and what is passed to each program of Kubernetes.
write_settings() {
    local name
    {
        for name in NODE_PLACE NODE_NAME NODE_IP NODE_LINK SERVICE_CIDR LOCAL_REGISTRY STORAGE_CLASS STATE_DIR ASSETS_DIR; do
            printf '%s=%q\n' "$name" "${!name}"
        done
        declare_flags
    } > "$1/settings"
}

# shellcheck disable=SC2034,SC2054   # `node` uses them, and the commas belong to the flags
declare_flags() {
    local apiserver_flags=(
        --etcd-servers http://127.0.0.1:2379
        --bind-address 0.0.0.0 --advertise-address "$NODE_IP" --secure-port 6443
        --service-cluster-ip-range "$SERVICE_CIDR"
        --tls-cert-file pki/apiserver.crt --tls-private-key-file pki/apiserver.key
        --client-ca-file pki/ca.crt --authorization-mode Node,RBAC --allow-privileged
        --service-account-key-file pki/service-account.pub --service-account-signing-key-file pki/service-account.key
        --service-account-issuer https://kubernetes.default.svc
        --kubelet-certificate-authority pki/ca.crt --kubelet-preferred-address-types InternalIP
        --kubelet-client-certificate pki/admin.crt --kubelet-client-key pki/admin.key
        --audit-policy-file config/audit.yaml --audit-log-path log/audit.log
        --audit-log-maxsize 200 --audit-log-maxbackup 1
    )
    local controller_manager_flags=(
        --kubeconfig controller-manager.kubeconfig --leader-elect=false
        --service-account-private-key-file pki/service-account.key --root-ca-file pki/ca.crt
        --use-service-account-credentials
    )
    local scheduler_flags=(--kubeconfig scheduler.kubeconfig --leader-elect=false)
    local kubelet_flags=(
        --config config/kubelet.yaml --kubeconfig kubelet.kubeconfig
        --hostname-override "$NODE_NAME" --node-ip "$NODE_IP" --root-dir /run/iris/kubelet
    )
    # Ports without TLS, which 1.24 has no more, are closed. Since 1.27 the runtime is named in the configuration file.
    at_least kube-controller-manager 24 || controller_manager_flags+=(--port 0)
    at_least kube-scheduler 24 || scheduler_flags+=(--port 0)
    at_least kubelet 27 || kubelet_flags+=(--container-runtime=remote --container-runtime-endpoint "unix://$CONTAINERD_SOCKET")
    declare -p apiserver_flags controller_manager_flags scheduler_flags kubelet_flags
}

write_containerd_config() {
    local into=$1
    # restrict_oom_score_adj: without CAP_SYS_RESOURCE nobody may lower a score, and a sandbox would die with
    # "can't get final child's PID from pipe". AppArmor profiles would be loaded into the host's kernel: not ours to do.
    cat > "$into/containerd.toml" <<TOML
version = 2
root = "/run/iris/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]
[grpc]
  address = "$CONTAINERD_SOCKET"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$SANDBOX_IMAGE"
  restrict_oom_score_adj = true
  disable_apparmor = true
  max_concurrent_downloads = 8
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/run/assets/cni"
    conf_dir = "/run/iris/config/cni"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "/run/iris/config/registries"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
TOML
    # ptp, not bridge: on a bridge an answer between two pods skips iptables unless br_netfilter is loaded, and a
    # Service is then unreachable from its neighbours. Routed links always pass through it.
    cat > "$into/cni/10-iris.conflist" <<JSON
{"cniVersion": "0.4.0", "name": "iris", "plugins": [
  {"type": "ptp", "mtu": 1500, "ipMasq": $MASQUERADE,
   "ipam": {"type": "host-local", "dataDir": "/run/cni", "ranges": [[{"subnet": "$POD_CIDR"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
JSON
}

# write_mirror <folder> <registry> <endpoint> ...   Where containerd asks for the registry's images: at the endpoints, in turn.
write_mirror() {
    local hosts="$1/registries/$2" endpoint; shift 2
    mkdir -p "$hosts"
    {
        echo "server = \"$1\""
        for endpoint in "$@"; do
            printf '[host."%s"]\n  capabilities = ["pull", "resolve"]\n' "$endpoint"
        done
    } > "$hosts/hosts.toml"
}

write_registry_config() {
    cat > "$1/registry.yaml" <<YAML
version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage:
  filesystem: {rootdirectory: /run/iris/images}
  delete: {enabled: true}
http: {addr: "$LOCAL_REGISTRY"}
YAML
}

write_kubelet_config() {
    local into=$1
    # The node's status is looked at each second, so that it is Ready at once, but written only when it changed.
    # cgroupsPerQOS is on because without it the kubelet ignores cgroupRoot, and pods go to a group of their own that
    # \`down\` would miss. Nothing is evicted or collected: a developer's full disk is no reason to lose a test.
    cat > "$into/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_IP
tlsCertFile: /run/iris/pki/kubelet.crt
tlsPrivateKeyFile: /run/iris/pki/kubelet.key
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: /run/iris/pki/ca.crt}}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP
cgroupsPerQOS: true
enforceNodeAllocatable: []
failSwapOn: false
evictionHard: {imagefs.available: 0%, memory.available: 0%, nodefs.available: 0%, nodefs.inodesFree: 0%}
imageGCHighThresholdPercent: 100
clusterDNS: [$DNS_IP]
clusterDomain: cluster.local
resolvConf: /run/iris/config/resolv.conf
oomScoreAdj: 0
serializeImagePulls: false
registryPullQPS: 0
eventRecordQPS: 0
kubeAPIQPS: 100
kubeAPIBurst: 200
syncFrequency: 10s
nodeStatusUpdateFrequency: 1s
nodeStatusReportFrequency: 5m
maxPods: 250
YAML
    ! at_least kubelet 27 || echo "containerRuntimeEndpoint: unix://$CONTAINERD_SOCKET" >> "$into/kubelet.yaml"
    # From 1.35 on it would not start on control groups v1; 1.31 is the first that knows the field.
    ! at_least kubelet 31 || echo "failCgroupV1: false" >> "$into/kubelet.yaml"
    echo "nameserver $DNS_IP" > "$into/resolv.conf"
}

write_proxy_config() {
    # The conntrack limits are the host's to set and are not writable here.
    cat > "$1/proxy.yaml" <<YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {kubeconfig: /run/iris/proxy.kubeconfig}
mode: iptables
clusterCIDR: $POD_CIDR
hostnameOverride: $NODE_NAME
oomScoreAdj: 0
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
iptables: {minSyncPeriod: 100ms, syncPeriod: 30s}
YAML
}

write_audit_policy() {
    # Metadata of each answered request: tests count who wrote what. Reads of health and version are noise.
    cat > "$1/audit.yaml" <<YAML
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
- {level: None, nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version"]}
- {level: Metadata}
YAML
}

# What is created in the cluster: the default class of storage, and the Service of `dns`, which listens on the node's own address.
write_addons() {
    local slices=discovery.k8s.io/v1
    at_least kube-apiserver 21 || slices=discovery.k8s.io/v1beta1
    cat > "$1/addons.yaml" <<YAML
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: $STORAGE_CLASS
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
provisioner: iris-operator.dev/local   # hack/cluster/debian/provisioner
reclaimPolicy: Delete
volumeBindingMode: Immediate
---
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system}
spec:
  clusterIP: $DNS_IP
  ports:
  - {name: dns, port: 53, protocol: UDP}
  - {name: dns-tcp, port: 53, protocol: TCP}
---
apiVersion: $slices
kind: EndpointSlice
metadata:
  name: kube-dns
  namespace: kube-system
  labels: {kubernetes.io/service-name: kube-dns, endpointslice.kubernetes.io/managed-by: iris-operator.dev}
addressType: IPv4
endpoints:
- addresses: [$NODE_IP]
  conditions: {ready: true}
ports:
- {name: dns, port: 53, protocol: UDP}
- {name: dns-tcp, port: 53, protocol: TCP}
YAML
}
