# shellcheck shell=bash
# The configuration files of the node's programs. Paths are as the node sees them: the state folder is /run/iris, the
# binaries are /run/assets, so that a long home folder cannot push a socket over the 108 bytes that Unix allows.
# Sourced, never run.

# write_node_config <folder>
write_node_config() {
    local into=$1
    mkdir -p "$into/cni" "$into/registries/$LOCAL_REGISTRY"

    # restrict_oom_score_adj: without CAP_SYS_RESOURCE nobody may lower a score, and a sandbox would die with
    # "can't get final child's PID from pipe". AppArmor profiles would be loaded into the host's kernel: not ours to do.
    cat > "$into/containerd.toml" <<TOML
version = 2
root = "/run/iris/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$LOCAL_REGISTRY/pause:1"
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
    cat > "$into/registries/$LOCAL_REGISTRY/hosts.toml" <<TOML
server = "http://$LOCAL_REGISTRY"
[host."http://$LOCAL_REGISTRY"]
  capabilities = ["pull", "resolve"]
TOML
    # ptp, not bridge: on a bridge an answer between two pods skips iptables unless br_netfilter is loaded, and a
    # Service is then unreachable from its neighbours. Routed links always pass through it.
    cat > "$into/cni/10-iris.conflist" <<JSON
{"cniVersion": "0.4.0", "name": "iris", "plugins": [
  {"type": "ptp", "mtu": 1500,
   "ipam": {"type": "host-local", "dataDir": "/run/cni", "ranges": [[{"subnet": "$POD_CIDR"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
JSON
    cat > "$into/registry.yaml" <<YAML
version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage:
  filesystem: {rootdirectory: /run/iris/registry}
  delete: {enabled: true}
http: {addr: "$LOCAL_REGISTRY"}
YAML
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
    echo "nameserver $DNS_IP" > "$into/resolv.conf"
    # The conntrack limits are the host's to set and are not writable here.
    cat > "$into/proxy.yaml" <<YAML
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
    # Metadata of each answered request: tests count who wrote what. Reads of health and version are noise.
    cat > "$into/audit.yaml" <<YAML
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
- {level: None, nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version"]}
- {level: Metadata}
YAML
}
