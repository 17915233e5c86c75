# shellcheck shell=bash
# Writes the bill of materials of an image as SPDX 2.3 JSON, from what is in it alone: the records of Debian's packages that
# the base keeps, and the dependency file that .NET writes. No network, no clock: the same image gives the same bytes.
# Sourced, never run.
sbom_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# sbom <unpacked image> <name> <version> <digest of the image> <.deps.json> <packages.lock.json> <our licence, as SPDX names it>
sbom() {
    local root=$1 name=$2 version=$3 digest=$4 deps=$5 lock=$6 license=$7 scratch
    scratch=$(mktemp -d)
    sbom_owners "$root" "$deps" > "$scratch/owners"
    (cd "$root" && find . -type f ! -path './var/lib/dpkg/*' | sed 's|^\./||' | LC_ALL=C sort) > "$scratch/names"
    (cd "$root" && xargs -d '\n' sha1sum) < "$scratch/names" | cut -d' ' -f1 > "$scratch/sha1"
    (cd "$root" && xargs -d '\n' sha256sum) < "$scratch/names" | cut -d' ' -f1 > "$scratch/sha256"
    # file, sums, the package that it came with
    paste "$scratch/names" "$scratch/sha1" "$scratch/sha256" |
        awk -F '\t' -v OFS='\t' 'NR == FNR { owner[$1] = $2; next } { print $0, ($1 in owner ? owner[$1] : "iris-operator-image") }' \
            "$scratch/owners" - > "$scratch/files"
    # The verification code of SPDX (7.9): the SHA-1 of all SHA-1s of the package's files, sorted and joined.
    cut -f 4 "$scratch/files" | LC_ALL=C sort -u | while IFS= read -r package; do
        awk -F '\t' -v p="$package" '$4 == p { print $2 }' "$scratch/files" | LC_ALL=C sort | tr -d '\n' | sha1sum |
            awk -v OFS='\t' -v p="$package" '{ print p, $1 }'
    done > "$scratch/codes"
    sbom_debian "$root" > "$scratch/debian"
    jq -nS --rawfile files "$scratch/files" --rawfile codes "$scratch/codes" --rawfile debian "$scratch/debian" \
        --slurpfile deps "$deps" --slurpfile lock "$lock" \
        --arg name "$name" --arg version "$version" --arg digest "$digest" --arg license "$license" \
        --arg created "$OCI_CREATED" -f "$sbom_here/sbom.jq"
    rm -rf "$scratch"
}

# Every file that a package brought, with the package: Debian's by their recorded sums, .NET's by its dependency file. The
# rest under /app was made of the program's own sources and the framework's together.
sbom_owners() {
    local record app
    for record in "$1"/var/lib/dpkg/status.d/*.md5sums; do
        [[ -e $record ]] || continue
        awk -v OFS='\t' -v package="deb $(basename "$record" .md5sums)" '{ print $2, package }' "$record"
    done
    app=$(jq -r '[.libraries | to_entries[] | select(.value.type == "project")][0].key' "$2")
    (cd "$1" && find app -type f) | sed "s|\$|\tnuget $app|"
    # Read last, so it has the last word on who brought a file.
    jq -r '.libraries as $libraries | .targets[] | to_entries[] | .key as $package | select($libraries[$package].type != "reference")
        | .value | (.runtime, .native) // {} | keys[] | "app/\(.)\tnuget \($package)"' "$2"
}

# name, version, architecture
sbom_debian() {
    local record
    for record in "$1"/var/lib/dpkg/status.d/*.md5sums; do
        [[ ! -e $record ]] ||
            awk -v OFS='\t' '/^Package:/ { p = $2 } /^Version:/ { v = $2 } /^Architecture:/ { a = $2 } END { print p, v, a }' \
                "${record%.md5sums}"
    done
}
