# shellcheck shell=bash
# What every script of the local cluster shares: where things are kept, how progress is told, how one gives up.
# Sourced, never run.
# shellcheck disable=SC2034   # the constants are for the scripts that source this

# One place for a machine, not for a clone: two clones share the binaries and the running cluster.
readonly KUBERNETES_VERSION=v1.20.2
# Raise the last number whenever the recipe makes other binaries; a machine then builds them once more.
readonly ASSETS_KEY="${KUBERNETES_VERSION}-1"
readonly CACHE_DIR="${XDG_CACHE_HOME:-$HOME/.cache}/iris-operator"
readonly ASSETS_DIR="$CACHE_DIR/kubernetes/$ASSETS_KEY"
readonly STATE_DIR="${XDG_STATE_HOME:-$HOME/.local/state}/iris-operator/cluster"

# Addresses. The node is a network namespace of its own, reached from the host over a pair of virtual links.
# One registry name must mean the same thing to the host, the node and the pods, so it is the node's address.
readonly NODE_IP=10.245.0.1
readonly HOST_IP=10.245.0.2
readonly POD_CIDR=10.244.0.0/16
readonly SERVICE_CIDR=10.96.0.0/16
readonly KUBERNETES_SERVICE_IP=10.96.0.1
readonly DNS_IP=10.96.0.10
readonly LOCAL_REGISTRY="$NODE_IP:5000"
readonly NODE_NAME=iris-node
readonly HOST_LINK=iris-host NODE_LINK=iris0
readonly CGROUP=iris-operator

export PATH="$PATH:/usr/sbin:/sbin"   # a plain user's shell on Debian lacks the folders of ip and iptables

say() { printf '[%4ds] %s\n' "$SECONDS" "$*" >&2; }
die() { printf '\n%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# ensure_commands command:package ...   Installs what a brand-new machine lacks.
ensure_commands() {
    local pair missing=()
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
    done
    ((${#missing[@]})) || return 0
    command -v apt-get >/dev/null ||
        die "these tools are missing and there is no apt-get here to install them: ${missing[*]}"
    ((EUID == 0)) ||
        die "these packages are missing; install them and repeat: sudo apt-get install --no-install-recommends ${missing[*]}"
    say "installing Debian packages: ${missing[*]}"
    apt_install "${missing[@]}" || { apt-get update -qq && apt_install "${missing[@]}"; } ||
        die "apt-get could not install: ${missing[*]}"
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" </dev/null >/dev/null 2>&1
}

# The cluster's processes are found by their control group: the kernel keeps it, across fork and exec, so unlike a
# pid file it is never stale, and no pid that was given to somebody else since can be killed by mistake.
cgroup_roots() {
    if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then
        echo "/sys/fs/cgroup/$CGROUP"
    else
        local controller
        for controller in /sys/fs/cgroup/*/; do
            [[ -L ${controller%/} || ! -f $controller/cgroup.procs ]] || echo "$controller$CGROUP"
        done
    fi
}

cluster_pids() {
    local roots
    mapfile -t roots < <(cgroup_roots)
    find "${roots[@]}" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -un || true
}

# kube <args>   The cache's kubectl as administrator of the local cluster, whatever the current context is.
kube() { "$ASSETS_DIR/kubectl" --kubeconfig "$STATE_DIR/admin.kubeconfig" "$@"; }

cluster_answers() {
    [[ -f $STATE_DIR/ready && -n $(cluster_pids) ]] && kube get --raw /readyz --request-timeout=5s >/dev/null 2>&1
}
