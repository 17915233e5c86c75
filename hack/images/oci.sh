# shellcheck shell=bash
# Writes images as OCI layouts, with tar, gzip and jq alone. The same files give the same digest: names sorted, no times, no
# owners' names, and modes without the builder's umask. Sourced, never run.

# The Unix time that images carry as their creation; https://reproducible-builds.org/specs/source-date-epoch
OCI_CREATED=$(date -u -d "@${SOURCE_DATE_EPOCH:-0}" +%Y-%m-%dT%H:%M:%SZ)

# oci_image <layout folder> <full name:tag> <config as JSON> <annotations as JSON> <layout of the base, or ""> <root folder>
# The root folder becomes one layer on top of the base's.
oci_image() {
    local layout=$1 name=$2 config=$3 annotations=$4 base=$5 root=$6 below='{"layers": [], "diffs": [], "history": []}' diff layer
    rm -rf "$layout"
    mkdir -p "$layout/blobs/sha256"
    if [[ $base ]]; then
        below=$(oci_layers "$base")
        jq -r '.layers[].digest | sub("sha256:"; "")' <<< "$below" | while read -r layer; do
            cp "$base/blobs/sha256/$layer" "$layout/blobs/sha256/$layer"
        done
    fi
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --format=gnu \
        -C "$root" -cf "$layout/layer.tar" --exclude=./tmp --exclude=./var/tmp .
    if [[ -d $root/tmp ]]; then   # open to everyone, unlike the rest
        tar --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=1777 --format=gnu -C "$root" -rf "$layout/layer.tar" ./tmp ./var/tmp
    fi
    diff=$(sha256sum < "$layout/layer.tar" | cut -d' ' -f1)
    gzip -n "-${OCI_GZIP:-9}" "$layout/layer.tar"
    layer=$(oci_blob "$layout" "$layout/layer.tar.gz" application/vnd.oci.image.layer.v1.tar+gzip)

    jq -cS --argjson config "$config" --arg diff "sha256:$diff" --arg created "$OCI_CREATED" \
        '{architecture: "amd64", os: "linux", config: $config, rootfs: {type: "layers", diff_ids: (.diffs + [$diff])},
          history: (.history + [{created: $created, created_by: "iris-operator hack/images"}]), created: $created}' \
        <<< "$below" > "$layout/config.json"
    config=$(oci_blob "$layout" "$layout/config.json" application/vnd.oci.image.config.v1+json)

    jq -cS --argjson config "$config" --argjson layer "$layer" --argjson annotations "$annotations" \
        '{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", config: $config, layers: (.layers + [$layer])}
         + if $annotations == {} then {} else {annotations: $annotations} end' <<< "$below" > "$layout/manifest.json"
    oci_blob "$layout" "$layout/manifest.json" application/vnd.oci.image.manifest.v1+json |
        jq -cS --arg name "$name" --arg tag "${name##*:}" '{schemaVersion: 2, manifests: [. + {annotations:
            {"io.containerd.image.name": $name, "org.opencontainers.image.ref.name": $tag}}]}' > "$layout/index.json"
    echo '{"imageLayoutVersion":"1.0.0"}' > "$layout/oci-layout"
}

# oci_attach <layout> <file> <media type>   Adds the file as an artifact that refers to the layout's image (OCI 1.1 `subject`),
# and the index under the tag sha256-<hex> by which registries without the referrers API let it be found.
oci_attach() {
    local layout=$1 type=$3 subject file empty artifact
    subject=$(jq -c '.manifests[0] | {mediaType, digest, size}' "$layout/index.json")
    file=$(oci_blob "$layout" "$2" "$type")
    printf '{}' > "$layout/empty.json"
    empty=$(oci_blob "$layout" "$layout/empty.json" application/vnd.oci.empty.v1+json)
    jq -cS -n --arg type "$type" --argjson config "$empty" --argjson file "$file" --argjson subject "$subject" \
        --arg created "$OCI_CREATED" \
        '{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", artifactType: $type, config: $config,
          layers: [$file], subject: $subject, annotations: {"org.opencontainers.image.created": $created}}' > "$layout/manifest.json"
    artifact=$(oci_blob "$layout" "$layout/manifest.json" application/vnd.oci.image.manifest.v1+json)
    jq -cS -n --arg type "$type" --argjson artifact "$artifact" \
        '{schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: [$artifact + {artifactType: $type}]}' \
        > "$layout/referrers.json"
    oci_blob "$layout" "$layout/referrers.json" application/vnd.oci.image.index.v1+json |
        jq -cS --slurpfile index "$layout/index.json" '. as $referrers | $index[0] | .manifests += [$referrers + {annotations:
            {"org.opencontainers.image.ref.name": (.manifests[0].digest | sub(":"; "-"))}}]' > "$layout/index.new"
    mv "$layout/index.new" "$layout/index.json"
}

# oci_unpack <layout> <folder>   The files of its image, as a container would see them.
oci_unpack() {
    local layer
    mkdir -p "$2"
    oci_layers "$1" | jq -r '.layers[].digest[7:]' | while read -r layer; do
        tar -xzf "$1/blobs/sha256/$layer" -C "$2" --no-same-owner
    done
}

# oci_digest <layout>   Of the image that a layout begins with.
oci_digest() { jq -r '.manifests[0].digest' "$1/index.json"; }

oci_manifest() { cat "$1/blobs/sha256/$(oci_digest "$1" | cut -c8-)"; }

# oci_layers <layout>   The layers of its image with what the config says of them.
oci_layers() {
    local manifest config
    manifest=$(oci_manifest "$1")
    config="$1/blobs/sha256/$(jq -r '.config.digest[7:]' <<< "$manifest")"
    jq -c --argjson manifest "$manifest" '{layers: $manifest.layers, diffs: .rootfs.diff_ids, history}' "$config"
}

# oci_blob <layout> <file> <media type>   Moves the file to its digest and prints its descriptor.
oci_blob() {
    local digest size
    digest=$(sha256sum < "$2" | cut -d' ' -f1)
    size=$(stat -c %s "$2")
    mv "$2" "$1/blobs/sha256/$digest"
    jq -cn --arg type "$3" --arg digest "sha256:$digest" --argjson size "$size" '{mediaType: $type, digest: $digest, size: $size}'
}
