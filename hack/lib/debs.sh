# shellcheck shell=bash
# Fetches Debian packages and sources into a scratch folder without installing them. Sourced, never run.
#
# Not installed, because Debian's containerd would push out the containerd of a Docker on the same machine,
# and because installing etcd-server or docker-registry starts a service on the host that nobody asked for.

# debs_init <scratch>   Package lists of our own, with sources, from the hosts the machine is configured for.
debs_init() {
    local scratch=$1 codename file
    DEBS_ROOT="$scratch/apt"
    mkdir -p "$DEBS_ROOT"/{sources,lists/partial,cache/archives/partial}
    # shellcheck disable=SC1091
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ -f $file ]] || continue
        # One line each: deb [options] host suite components. Other vendors' lists carry no Debian sources.
        sed -nE "s/^deb( .* $codename(-[a-z]+|\/updates)? .*main)/deb\1\ndeb-src\1/p" "$file" \
            > "$DEBS_ROOT/sources/$(basename "$file" .list).list"
    done
    for file in /etc/apt/sources.list.d/*.sources; do
        [[ -f $file ]] || continue
        awk -v RS= -v ORS='\n\n' -v suite="(^|\n)Suites: *$codename" \
            '$0 ~ suite && /Components:[^\n]*main/ { sub(/(^|\n)Types:[^\n]*/, "\nTypes: deb deb-src"); print }' "$file" \
            > "$DEBS_ROOT/sources/$(basename "$file")"
    done
    debs_apt update -qq || die "apt-get update failed; see above, and repeat once the package host answers"
}

debs_apt() {
    apt-get -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$DEBS_ROOT/sources" \
        -o Dir::State::Lists="$DEBS_ROOT/lists" -o Dir::Cache="$DEBS_ROOT/cache" \
        -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# debs_unpack <folder> <package> ...
debs_unpack() {
    local into=$1 deb debs; shift
    debs=$(mktemp -d -p "$DEBS_ROOT")   # its own: two may be fetching at once
    mkdir -p "$into"
    (cd "$debs" && debs_apt download -qq "$@") || die "could not download the Debian packages: $*"
    for deb in "$debs"/*.deb; do
        dpkg-deb -x "$deb" "$into"
        deb_record "$into" "$deb"
        rm "$deb"
    done
}

# What came from where, in the form that scanners of images know from distroless: the package's own description, and its files.
deb_record() {
    local records="$1/var/lib/dpkg/status.d" name
    mkdir -p "$records"
    name=$(dpkg-deb -f "$2" Package)
    { dpkg-deb -f "$2" | grep -v '^Status:'; echo "Status: install ok installed"; } > "$records/$name"
    dpkg-deb --fsys-tarfile "$2" | tar -t | sed 's|^\./||' | grep -v '/$' > "$records/$name.files"
}

# debs_source <folder> <source package>
debs_source() {
    mkdir -p "$1"
    (cd "$1" && debs_apt source -qq --download-only --only-source "$2") ||
        die "Debian's source package '$2' could not be fetched; it is part of Debian 12 (bookworm).
On another system use a cluster of your own: CLUSTER=existing KUBECONFIG=... REGISTRY=..."
}
