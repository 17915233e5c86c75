# shellcheck shell=bash
# Writes an image of one layer as an OCI layout, with tar, gzip and jq alone. The same files give the same digest:
# names sorted, no times, no owners' names. Sourced, never run.

# oci_image <root folder> <layout folder> <full name:tag> <config as JSON>
oci_image() {
    local root=$1 layout=$2 name=$3 config=$4 layer diff
    rm -rf "$layout"
    mkdir -p "$layout/blobs/sha256"
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=gnu -C "$root" -cf "$layout/layer.tar" .
    diff=$(sha256sum < "$layout/layer.tar" | cut -d' ' -f1)
    gzip -n -9 "$layout/layer.tar"
    layer=$(oci_blob "$layout" "$layout/layer.tar.gz" application/vnd.oci.image.layer.v1.tar+gzip)

    jq -cS -n --argjson config "$config" --arg diff "sha256:$diff" \
        '{architecture: "amd64", os: "linux", config: $config, rootfs: {type: "layers", diff_ids: [$diff]},
          history: [{created: "1970-01-01T00:00:00Z", created_by: "iris-operator hack/images"}], created: "1970-01-01T00:00:00Z"}' \
        > "$layout/config.json"
    config=$(oci_blob "$layout" "$layout/config.json" application/vnd.oci.image.config.v1+json)

    jq -cS -n --argjson config "$config" --argjson layer "$layer" \
        '{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", config: $config, layers: [$layer]}' \
        > "$layout/manifest.json"
    oci_blob "$layout" "$layout/manifest.json" application/vnd.oci.image.manifest.v1+json |
        jq -cS --arg name "$name" --arg tag "${name##*:}" '{schemaVersion: 2, manifests: [. + {annotations:
            {"io.containerd.image.name": $name, "org.opencontainers.image.ref.name": $tag}}]}' > "$layout/index.json"
    echo '{"imageLayoutVersion":"1.0.0"}' > "$layout/oci-layout"
}

# oci_blob <layout> <file> <media type>   Moves the file to its digest and prints its descriptor.
oci_blob() {
    local digest size
    digest=$(sha256sum < "$2" | cut -d' ' -f1)
    size=$(stat -c %s "$2")
    mv "$2" "$1/blobs/sha256/$digest"
    jq -cn --arg type "$3" --arg digest "sha256:$digest" --argjson size "$size" '{mediaType: $type, digest: $digest, size: $size}'
}
