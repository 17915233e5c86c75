# shellcheck shell=bash
# What every script shares: where things are kept, how progress is told, how one waits and how one gives up.
# Sourced, never run.
# shellcheck disable=SC2034   # the constants are for the scripts that source this

shopt -s inherit_errexit   # an error inside $(…) is one, too

# One place for a machine, not for a clone: clones share what was built and the running cluster.
readonly CACHE_DIR="${XDG_CACHE_HOME:-$HOME/.cache}/iris-operator"
readonly STATE_ROOT="${XDG_STATE_HOME:-$HOME/.local/state}/iris-operator"

export PATH="$PATH:/usr/sbin:/sbin"   # a plain user's shell on Debian lacks the folders of ip and iptables

# Source generators sort by the culture: without one, the same sources give the same bytes everywhere. The Dockerfiles say it, too.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

# On a terminal the line of a progress that is told in place makes room.
say() { printf '%s[%4ds] %s\n' "$([[ ! -t 2 ]] || printf '\r\e[K')" "$SECONDS" "$*" >&2; }
die() { printf '\n%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# wait_until <seconds> <what> <command> ...   Asks until the command succeeds; fails after the limit and says what it waited for.
wait_until() {
    local until=$((SECONDS + $1)) limit=$1 what=$2; shift 2
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < until)) || { say "gave up after $limit s of waiting for $what"; return 1; }
        sleep 0.2
    done
}

# take_lock <file> <what its holder does>   Holds the lock, on descriptor 200, until this shell ends; says so when it must wait.
# What must not hold it any longer than the shell is started with 200>&-.
take_lock() {
    mkdir -p "$(dirname "$1")"
    exec 200>"$1"
    flock --nonblock 200 && return
    say "waiting for another process that $2"
    flock --timeout 5400 200 || die "gave up after 90 minutes of waiting for another process that $2 (it holds $1)"
}

# ensure_commands command:package ...   Installs what a brand-new machine lacks.
ensure_commands() {
    local pair missing=()
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
    done
    ((${#missing[@]} == 0)) || ensure_packages "${missing[@]}"
}

# ensure_packages <Debian package> ...
ensure_packages() {
    command -v apt-get >/dev/null ||
        die "these tools are missing and there is no apt-get here to install them: $*"
    ((EUID == 0)) ||
        die "these packages are missing; install them and repeat: sudo apt-get install --no-install-recommends $*"
    say "installing Debian packages: $*"
    apt_get install "$@" || { apt_get update && apt_get install "$@"; } || die "apt-get could not install: $*"
}

# ensure_linker   What Native AOT links programs with: gcc, its objcopy, and the start files of the C library.
ensure_linker() {
    ensure_commands gcc:gcc objcopy:binutils
    [[ -e $(gcc -print-file-name=Scrt1.o) ]] || ensure_packages libc6-dev
}

# Another script beside this one may install something too.
apt_get() {
    DEBIAN_FRONTEND=noninteractive flock --timeout 600 /run/lock/iris-operator-apt.lock \
        apt-get -o DPkg::Lock::Timeout=120 -qq -y --no-install-recommends "$@" </dev/null >/dev/null 2>&1
}
