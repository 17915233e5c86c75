# shellcheck shell=bash
# What the scripts of the local cluster share. Sourced, never run.
# shellcheck disable=SC2034   # the constants are for the scripts that source this
cluster_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../lib/common.sh
. "$cluster_here/../lib/common.sh"
# shellcheck source=../lib/cache.sh
. "$cluster_here/../lib/cache.sh"

# Each kind of cluster has a folder of its name here, with functions <kind>_up, _down and _running; while it is up its state
# folder, $STATE_ROOT/<kind>, has an admin.kubeconfig and, in the file `registry`, host:port of its registry.
readonly CLUSTER_KINDS=(debian k3s kind existing)
for cluster_each in "${CLUSTER_KINDS[@]}"; do
    # shellcheck disable=SC1090
    . "$cluster_here/$cluster_each/$cluster_each.sh"
done

# Prints a folder with kubectl and helm.
cluster_clients() { "$cluster_here/clients"; }

# Prints the kind that CLUSTER says, else the one that runs, else the one that this machine can have.
cluster_choice() {
    local kind
    kind=$(cluster_kind)
    [[ $kind ]] || if k3s_available; then kind=k3s; else kind=debian; fi
    echo "$kind"
}

# Prints the kind that CLUSTER says, else the one that runs, else nothing.
cluster_kind() {
    local each
    if [[ ${CLUSTER:-} ]]; then
        [[ " ${CLUSTER_KINDS[*]} " == *" $CLUSTER "* ]] || die "CLUSTER is '$CLUSTER'; it can be k3s, debian, kind or existing"
        echo "$CLUSTER"
        return
    fi
    for each in debian k3s; do
        ! "${each}_running" || { echo "$each"; return; }
    done
}

readonly STATE_DIR="$STATE_ROOT/debian"
# The programs of the node and the clients of a user. KUBERNETES_ASSETS points to a folder with other ones.
readonly RECIPE=("$cluster_here"/kubernetes/*.sh "$cluster_here/../lib/debs.sh")
readonly ASSETS_DIR="${KUBERNETES_ASSETS:-$CACHE_DIR/kubernetes/$(cache_key "${RECIPE[@]}")}"

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
readonly NODE_PLACE=machine SANDBOX_IMAGE="$LOCAL_REGISTRY/pause:1" STORAGE_CLASS=standard MASQUERADE=false

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

# The binaries of the cluster that runs; another branch may have brought it up with other ones than ours.
running_assets() { readlink "$STATE_DIR/assets" || echo "$ASSETS_DIR"; }

# kube <args>   As administrator of the local cluster, whatever the current context is.
kube() { "$(running_assets)/kubectl" --kubeconfig "$STATE_DIR/admin.kubeconfig" "$@"; }

cluster_answers() {
    [[ -f $STATE_DIR/ready && -n $(cluster_pids) ]] && kube get --raw /readyz --request-timeout=5s >/dev/null 2>&1
}
