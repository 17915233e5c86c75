# shellcheck shell=bash
# The engine's processes and its containers' are found by their control group, which unlike a pid file is never stale.
# Sourced, never run.
readonly GROUP=iris-docker

group_roots() {
    local controller
    if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then echo "/sys/fs/cgroup/$GROUP"; return; fi
    for controller in /sys/fs/cgroup/*/; do
        [[ -L ${controller%/} || ! -f $controller/cgroup.procs ]] || echo "$controller$GROUP"
    done
}

# The engine itself is a member in one hierarchy only: that is enough to be found. (cpuset takes no process unprepared.)
group_of_engine() {
    local root=/sys/fs/cgroup
    [[ -f $root/cgroup.controllers ]] || root+=/pids
    echo "$root/$GROUP/engine"
}

group_make() { mkdir -p "$(group_of_engine)"; }

group_pids() {
    local roots
    mapfile -t roots < <(group_roots)
    find "${roots[@]}" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -un || true
}

group_is_empty() { [[ -z $(group_pids) ]]; }

# First TERM to the namespace's first process, so that dockerd stops its containers; then everything that is left.
group_end() {
    local pid child
    group_is_empty && return
    while read -r pid; do
        [[ $(cat "/proc/$pid/comm" 2>/dev/null) == unshare ]] || continue
        child=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null) || continue
        [[ -z $child ]] || kill -TERM "${child% }" 2>/dev/null || true
    done < <(cat "$(group_of_engine)/cgroup.procs" 2>/dev/null)
    wait_until 20 "the containers to stop" group_is_empty || true
    wait_until 20 "the engine's processes to die" group_kill || die "these processes of the engine do not die: $(group_pids)"
}

# Again and again: what a dying containerd had just forked is in the group, but was not in the last list.
group_kill() {
    local pids
    mapfile -t pids < <(group_pids)
    ((${#pids[@]})) || return 0
    kill -KILL "${pids[@]}" 2>/dev/null
    return 1
}

group_remove() { wait_until 10 "the control groups of the engine to go" group_gone; }

group_gone() {
    local roots root
    mapfile -t roots < <(group_roots)
    # rmdir is refused for the moment in which the last process is still being reaped.
    find "${roots[@]}" -depth -type d -exec rmdir {} + 2>/dev/null || true
    for root in "${roots[@]}"; do [[ ! -e $root ]] || return 1; done
}
