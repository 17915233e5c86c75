# shellcheck shell=bash
# What `bases` and `build` share about the registry. Sourced, never run.

# shellcheck disable=SC2034
readonly BASE_VERSION=1.2.0   # never "latest": a program's image names the base it was built on

require_registry() {
    [[ ${REGISTRY:-} ]] || die "REGISTRY is not set; eval \"\$(hack/cluster/env)\" sets it to the local cluster's"
    tls=(true)
    # Plain http only where that was said: our own registry, the loopback, or what .NET was told about too.
    case ",$LOCAL_REGISTRY,${DOTNET_CONTAINER_INSECURE_REGISTRIES:-}," in *",${REGISTRY%%/*},"*) tls=(false) ;; esac
    case $REGISTRY in localhost:* | 127.0.0.1:*) tls=(false) ;; esac
}

# push_layout <OCI layout> <name:tag>   Its first image under that tag, and what refers to it under the tag of its digest.
push_layout() {
    copy "$1" "$(jq -r '.manifests[0].annotations["org.opencontainers.image.ref.name"]' "$1/index.json")" "$2"
    local referrers
    referrers=$(jq -r '.manifests[1].annotations["org.opencontainers.image.ref.name"] // ""' "$1/index.json")
    [[ -z $referrers ]] || copy "$1" "$referrers" "${2%%:*}:$referrers" --all
    say "pushed $REGISTRY/$2, $(compressed_size "$2") compressed"
}

# copy <OCI layout> <tag in it> <name:tag> [flag ...]
copy() {
    skopeo --insecure-policy copy -q --dest-tls-verify="${tls[0]}" "${@:4}" "oci:$1:$2" "docker://$REGISTRY/$3" ||
        die "could not push $3 to the registry $REGISTRY; does it run? (hack/cluster/up)"
}

manifest() { skopeo --insecure-policy inspect --raw --tls-verify="${tls[0]}" "docker://$REGISTRY/$1"; }

compressed_bytes() { manifest "$1" | jq '[.config.size, .layers[].size] | add'; }

compressed_size() { megabytes "$(compressed_bytes "$1")"; }

megabytes() { awk -v bytes="$1" 'BEGIN { printf "%.1f MB", bytes / 1000000 }'; }
