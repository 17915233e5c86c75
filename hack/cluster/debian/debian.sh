# shellcheck shell=bash
# A real one-node Kubernetes from Debian's packages, in namespaces of this machine. Sourced by hack/cluster/up and down.
debian_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=teardown.sh
. "$debian_here/teardown.sh"
# shellcheck source=pki.sh
. "$debian_here/pki.sh"
# shellcheck source=node-config.sh
. "$debian_here/node-config.sh"
# shellcheck source=../../images/oci.sh
. "$debian_here/../../images/oci.sh"

debian_running() { cluster_answers; }

# Brings it up, or recovers one, and waits until its node is Ready. Nothing to do if it runs.
debian_up() {
    if cluster_answers; then tell_running; return; fi
    # Before the build, which takes minutes and would have been wasted.
    debian_requirements
    CLUSTER=debian "$debian_here/../assets" >/dev/null
    ensure_commands ip:iproute2 iptables:iptables dnsmasq:dnsmasq-base conntrack:conntrack jq:jq \
        openssl:openssl unshare:util-linux flock:util-linux ldconfig:libc-bin
    [[ $(ldconfig -p) == *"libseccomp.so.2 "* ]] || ensure_packages libseccomp2   # runc's

    take_lock "$CACHE_DIR/cluster.lock" "brings the cluster up or down"
    # Running but slow to answer is no reason to destroy what another clone's tests are using.
    for ((i = 0; i < 30; i++)); do
        if cluster_answers; then tell_running; return; fi
        [[ -f $STATE_DIR/ready && -n $(cluster_pids) ]] || break
        sleep 1
    done
    [[ ! -e $STATE_DIR && -z $(cluster_pids) ]] || say "removing the remains of a cluster that was killed"
    teardown
    start
}

debian_requirements() {
    ((EUID == 0)) || die "a node mounts, routes and makes control groups, so it needs root: repeat with sudo -E.
Or use a Docker engine (CLUSTER=k3s), or a cluster of your own: CLUSTER=existing KUBECONFIG=... REGISTRY=..."
    [[ $(uname -m) == x86_64 ]] || die "the local cluster is built for x86_64; use CLUSTER=existing here"
    refuse_other
}

# Removes every process, mount, link, iptables chain, control group and file that debian_up made. Keeps the built binaries.
debian_down() {
    if [[ -z $(cluster_pids) && ! -e $STATE_DIR ]] && ! ip link show "$HOST_LINK" >/dev/null 2>&1; then
        say "no cluster is running"
        # Control groups may be all that is left of a killed one; removing them needs root, and there may be none.
        ((EUID == 0)) || return 0
    fi
    ((EUID == 0)) || die "stopping the cluster needs root: repeat with sudo -E"
    take_lock "$CACHE_DIR/cluster.lock" "brings the cluster up or down"
    refuse_other
    teardown
    say "the cluster is down"
}

# A cluster that somebody brought up with another state folder is not ours to end, and its addresses are the same.
refuse_other() {
    local pid other
    for pid in $(cluster_pids); do
        other=$(tr '\0' '\n' 2>/dev/null < "/proc/$pid/cmdline" | sed -n 's|/scripts/node$||p') || continue
        [[ ! $other || $other == "$STATE_DIR" || ! -f $other/ready ]] ||
            die "the cluster of $other runs on this machine, which has room for one; end it first (XDG_STATE_HOME says whose it is)"
    done
}

tell_running() {
    say "the cluster is running already"
    [[ $(running_assets) == "$ASSETS_DIR" ]] ||
        say "it runs from other binaries than this tree would make ($(running_assets)); make cluster-down, then up, to change"
}

start() {
    trap 'status=$?; ((status == 0)) || failed' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    mkdir -p "$STATE_DIR"/{log,scripts,containerd,volumes,kubelet}
    chmod 700 "$STATE_DIR"
    ln -s "$ASSETS_DIR" "$STATE_DIR/assets"
    keep_registry
    make_pause_image
    say "making keys and certificates"
    pki_create "$STATE_DIR"
    write_node_config "$STATE_DIR/config"
    # A copy, because the cluster outlives a change of branch, or the clone that started it.
    cp "$debian_here"/{node,dns,provisioner} "$STATE_DIR/scripts/"
    make_cgroups

    say "starting the control plane"
    use_cached "$ASSETS_DIR"
    # The groups are joined before anything else runs, so that there is no moment in which `down` would miss a process.
    # shellcheck disable=SC2016   # expanded by the inner shell
    setsid bash -c 'for group in "$@"; do echo $$ > "$group/node/cgroup.procs"; done
        exec env -i PATH="$PATH" HOME="$HOME" \
            unshare --pid --fork --kill-child --mount --mount-proc --net --uts --ipc "$0"' \
        "$STATE_DIR/scripts/node" "${node_groups[@]}" </dev/null >"$STATE_DIR/log/node.log" 2>&1 200>&- &
    init=$!
    disown
    connect_host
    wait_for "the API server" kube get --raw /readyz
    say "the API server answers; waiting for the node"
    wait_for "the add-ons" kube apply -f "$STATE_DIR/config/addons.yaml"
    wait_for "the node" kube wait --for=condition=Ready "node/$NODE_NAME" --timeout=1s
    wait_for "the default service account" kube get serviceaccount default
    wait_for "the registry" kube_registry
    echo "$LOCAL_REGISTRY" > "$STATE_DIR/registry"
    touch "$STATE_DIR/ready"
    say "the node is Ready; use it with: eval \"\$(make -s cluster-env)\""
}

# A version is never overwritten, so what was pushed once is good for the next cluster too, and need not be built again.
keep_registry() {
    local store="$CACHE_DIR/registry"
    if [[ -d $store ]] && (($(du -sm "$store" | cut -f1) > 4096)); then
        say "emptying the registry, which grew over 4 GB"
        rm -rf "$store"
    fi
    mkdir -p "$store"
    ln -s "$store" "$STATE_DIR/images"
}

# Every pod needs a process that holds its namespaces open; there is no registry to take the usual image from.
make_pause_image() {
    local scratch="$STATE_DIR/pause"
    install -D "$ASSETS_DIR/pause" "$scratch/root/pause"
    oci_image "$scratch/image" "$SANDBOX_IMAGE" '{"Entrypoint": ["/pause"], "User": "65532:65532"}' '{}' "" "$scratch/root"
    tar -cf "$STATE_DIR/pause.tar" -C "$scratch/image" .
    rm -r "$scratch"
}

make_cgroups() {
    local root
    mapfile -t node_groups < <(cgroup_roots)
    if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then
        # Unified: a controller is handed down from parent to child, and only leaves hold processes.
        mkdir -p "${node_groups[0]}/node"
        for root in /sys/fs/cgroup "${node_groups[0]}"; do
            sed 's/[a-z]*/+&/g' "$root/cgroup.controllers" > "$root/cgroup.subtree_control"
        done
        return
    fi
    for root in "${node_groups[@]}"; do
        mkdir -p "$root/node"
        # A new cpuset has no processors and takes no process until it is given some.
        [[ $root != */cpuset/* ]] || for file in cpus mems; do
            cat "${root%/*}/cpuset.$file" > "$root/cpuset.$file"
            cat "${root%/*}/cpuset.$file" > "$root/node/cpuset.$file"
        done
    done
    # Membership in one hierarchy is enough to be found; joining the rest would only change how the host accounts.
    node_groups=("${node_groups[0]}")
}

# The host's end is 10.245.0.2; pods and Services are reached from the host too, so that a test needs no port-forward.
connect_host() {
    local child
    for ((i = 0; i < 100; i++)); do
        child=$(cat "/proc/$init/task/$init/children" 2>/dev/null) || { say "the node ended as it began"; return 1; }
        child=${child%% *}
        # The child exists before its new network namespace does not: compare, or the link would land in the host's.
        [[ -z $child || $(readlink "/proc/$child/ns/net") == "$(readlink /proc/self/ns/net)" ]] || break
        sleep 0.05
    done
    ((i < 100)) || { say "gave up after 5 s of waiting for the node's network namespace"; return 1; }
    ip link add "$HOST_LINK" type veth peer name "$NODE_LINK" netns "$child"
    ip address add "$HOST_IP/24" dev "$HOST_LINK"
    ip link set "$HOST_LINK" up
    ip route add "$POD_CIDR" via "$NODE_IP"
    ip route add "$SERVICE_CIDR" via "$NODE_IP"
}

kube_registry() { exec 9<>"/dev/tcp/$NODE_IP/5000"; }

wait_for() {
    local what=$1 until=$((SECONDS + 90)); shift
    until ("$@") >/dev/null 2>&1; do
        [[ -d /proc/$init ]] || { say "the cluster ended while waiting for $what"; return 1; }
        ((SECONDS < until)) || { say "gave up after 90 s of waiting for $what"; return 1; }
        sleep 0.2
    done
}

failed() {
    trap - EXIT
    local kept="$CACHE_DIR/last-failure"
    rm -rf "$kept"
    cp -r "$STATE_DIR/log" "$kept" 2>/dev/null || true
    tail -n 5 "$STATE_DIR/log/node.log" >&2 2>/dev/null || true
    teardown
    printf '\nup: the cluster did not come up and was removed again; its logs are in %s\n' "$kept" >&2
}

