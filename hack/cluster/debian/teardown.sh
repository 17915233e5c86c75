# shellcheck shell=bash
# Removes whatever a cluster left, running or killed half-way. Safe to run when there is nothing. Sourced, never run.

teardown() {
    local pids i roots
    for ((i = 0; i < 100; i++)); do
        mapfile -t pids < <(cluster_pids)
        ((${#pids[@]})) || break
        # Again and again: what a dying containerd had just forked is in the group, but was not in the last list.
        kill -9 "${pids[@]}" 2>/dev/null || true
        sleep 0.1
    done
    ((${#pids[@]} == 0)) || die "these processes of the cluster do not die: ${pids[*]}"

    # Mounts, links and iptables chains went with the namespaces. The pair's outer end goes with its inner end, unless
    # `up` was killed before it moved that one in.
    ip link delete "$HOST_LINK" 2>/dev/null || true

    mapfile -t roots < <(cgroup_roots)
    for ((i = 0; i < 50; i++)); do
        # rmdir is refused for the moment in which the last process is still being reaped.
        find "${roots[@]}" -depth -type d -exec rmdir {} + 2>/dev/null || true
        compgen -G "${roots[0]}" >/dev/null || break
        sleep 0.1
    done
    find "${roots[@]}" -maxdepth 0 2>/dev/null | grep . >&2 && die "these control groups could not be removed"
    rm -rf --one-file-system "$STATE_DIR"
}
