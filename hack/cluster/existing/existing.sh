# shellcheck shell=bash
# A cluster of the user's own: nothing in it is started or stopped. Sourced by hack/cluster/up and down.

existing_up() {
    : "${KUBECONFIG:?CLUSTER=existing needs KUBECONFIG set explicitly; the current context is never used by accident}"
    : "${REGISTRY:?CLUSTER=existing needs REGISTRY, as host:port that you, the nodes and the pods all reach}"
    ensure_commands curl:curl
    existing_running || die "the API server of $KUBECONFIG does not answer"
    curl -fsS -o /dev/null -m 10 "https://$REGISTRY/v2/" 2>/dev/null || curl -fsS -o /dev/null -m 10 "http://$REGISTRY/v2/" ||
        die "the registry $REGISTRY does not answer"
    say "using the existing cluster of $KUBECONFIG with the registry $REGISTRY; nothing was changed"
}

existing_running() {
    local kubectl
    kubectl=$(command -v kubectl) || kubectl="$(cluster_clients)/kubectl"
    "$kubectl" --kubeconfig "$KUBECONFIG" get --raw /readyz --request-timeout=10s >/dev/null
}

existing_down() { say "CLUSTER=existing: that cluster is not ours to stop; nothing was changed"; }
