# shellcheck shell=bash
# A kind cluster that is there already, by its name in KIND_CLUSTER, with a local registry beside its nodes as kind's guide to
# local registries has it: the container KIND_REGISTRY, which is started if it is missing. Sourced by hack/cluster/up and down.
readonly KIND_CLUSTER=${KIND_CLUSTER:-kind} KIND_REGISTRY=${KIND_REGISTRY:-kind-registry}
readonly KIND_REGISTRY_IMAGE=${KIND_REGISTRY_IMAGE:-registry:2.8.3}

kind_up() {
    local state="$STATE_ROOT/kind" registry
    [[ $(command -v kind) && $(command -v docker) ]] || die "CLUSTER=kind needs the programs kind and docker"
    kind get clusters 2>/dev/null | grep -qx "$KIND_CLUSTER" ||
        die "there is no kind cluster '$KIND_CLUSTER'; make it (kind create cluster --name $KIND_CLUSTER) or set KIND_CLUSTER"
    mkdir -p "$state"
    (umask 077 && kind get kubeconfig --name "$KIND_CLUSTER" > "$state/admin.kubeconfig")
    registry=$(kind_registry)
    kind_trust "$registry"
    echo "$registry" > "$state/registry"
    say "using the kind cluster '$KIND_CLUSTER' with the registry $registry"
}

kind_running() { [[ -f $STATE_ROOT/kind/registry ]] && kind get clusters 2>/dev/null | grep -qx "$KIND_CLUSTER"; }

# The cluster is the user's and stays, and so does the registry, which other work may use.
kind_down() {
    rm -rf "$STATE_ROOT/kind"
    say "the kind cluster '$KIND_CLUSTER' and the registry '$KIND_REGISTRY' are yours to stop; nothing was changed in them"
}

# Prints the address of the registry on kind's network, which the host, the nodes and the pods all reach.
kind_registry() {
    local address
    docker start "$KIND_REGISTRY" >/dev/null 2>&1 ||
        docker run --detach --restart=always --name "$KIND_REGISTRY" "$KIND_REGISTRY_IMAGE" >/dev/null ||
        die "the registry container '$KIND_REGISTRY' could not be started from $KIND_REGISTRY_IMAGE"
    docker network connect kind "$KIND_REGISTRY" 2>/dev/null || true   # refused where it is connected already
    address=$(docker inspect --format '{{.NetworkSettings.Networks.kind.IPAddress}}' "$KIND_REGISTRY")
    [[ $address ]] || die "the registry container '$KIND_REGISTRY' has no address on the network 'kind'"
    echo "$address:5000"
}

# kind_trust <registry>   Its nodes pull from it by plain HTTP.
kind_trust() {
    local node folder="/etc/containerd/certs.d/$1"
    for node in $(kind get nodes --name "$KIND_CLUSTER"); do
        docker exec "$node" mkdir -p "$folder"
        printf '[host."http://%s"]\n' "$1" | docker exec --interactive "$node" cp /dev/stdin "$folder/hosts.toml"
    done
}
