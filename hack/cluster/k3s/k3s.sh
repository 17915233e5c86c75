# shellcheck shell=bash
# The cluster where a Docker engine is: a throwaway K3s with a registry beside it, by the program in this folder.
# Sourced, never run; uses ../../lib/common.sh.
k3s_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

readonly K3S_STATE="$STATE_ROOT/k3s"

# Whether this machine can have it: an engine answers, and has the images or pulls them now. Otherwise one line says why not,
# or none where there is no engine at all. That is found out at once, without compiling anything.
k3s_available() {
    local program
    k3s_engine_seems_there || return 1
    program=$("$k3s_here/program") || return 1
    dotnet "$program" available
}

# Starts it, or finds it running. Exits as the program does: 0, 1 it did not come up, 3 no engine or no image, 130 interrupted.
k3s_up() { k3s_alone up; }

# Removes its containers and files; good when there is nothing.
k3s_down() {
    [[ -e $K3S_STATE ]] || k3s_engine_seems_there || return 0
    k3s_alone down
}

k3s_running() {
    local program
    [[ -f $K3S_STATE/registry ]] && k3s_engine_seems_there || return 1
    program=$("$k3s_here/program") || return 1
    dotnet "$program" running "$K3S_STATE" 2>/dev/null
}

# Where Testcontainers would look for one, or what the docker command knows of.
k3s_engine_seems_there() {
    local socket
    case ${DOCKER_HOST:-} in
        unix://*) [[ -S ${DOCKER_HOST#unix://} ]]; return ;;
        ?*) return 0 ;;
    esac
    for socket in /var/run/docker.sock "${XDG_RUNTIME_DIR:-/run/user/$EUID}/docker.sock" "$HOME"/.docker/{run,desktop}/docker.sock; do
        [[ ! -S $socket ]] || return 0
    done
    timeout 5 docker info >/dev/null 2>&1
}

# One at a time on a machine. In a shell of its own, which gives the lock back and leaves the caller's alone.
k3s_alone() (
    program=$("$k3s_here/program") || exit
    take_lock "$CACHE_DIR/k3s.lock" "starts or ends k3s"
    dotnet "$program" "$1" "$K3S_STATE"
)
