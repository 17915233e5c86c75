# shellcheck shell=bash
# Results that take long to make, kept for a machine: $CACHE_DIR/<name>/<digest over the recipe>. A folder is there whole or
# not at all, whatever interrupted its making. Sourced, never run; uses common.sh.

# cache_key <file> ...   The files that decide what is made: scripts, versions, patches.
cache_key() { cat "$@" | sha256sum | cut -c1-12; }

# cached <name> <key> <function>   Prints the folder. Where it is missing, calls `function <scratch> <result>` to fill the
# folder <result>; everything below <scratch> is removed afterwards. One process makes it, the others wait.
cached() {
    local folder="$CACHE_DIR/$1/$2" went_on
    # Within `if` or `||` Bash goes on after what failed, and a half made result would be kept.
    went_on=$(trap 'exit 0' EXIT; false; echo yes)
    [[ ! $went_on ]] || die "cached: called where errors are ignored"
    [[ -d $folder ]] || (
        take_lock "$CACHE_DIR/$1.lock" "makes $1 for the same cache"
        [[ -d $folder ]] || make_cached "$folder" "$3"
    )
    echo "$folder"
}

# use_cached <folder>   Nobody removes it as an old one while this shell, or a program that it starts, runs.
use_cached() {
    local descriptor
    exec {descriptor}<"$1"
    flock --shared "$descriptor"
}

make_cached() {
    local folder=$1 function=$2
    scratch="$folder.making"
    end_remains "$(dirname "$folder")"
    trap 'end_jobs; rm -rf "$scratch"' EXIT
    trap 'say "interrupted; nothing half made was left. Repeat the command to start again."; exit 130' INT
    trap 'say "ended; nothing half made was left. Repeat the command to start again."; exit 143' TERM HUP
    mkdir -p "$scratch/result"
    # Without the lock: what a killed build leaves behind must not make the next one wait. And beside this shell, which heeds
    # a signal only while it waits. All of it works in the scratch folder, by which end_remains finds what outlived a kill.
    (exec 200>&-; cd "$scratch" && "$function" "$scratch" "$scratch/result") &
    wait $!
    mv "$scratch/result" "$folder"
    remove_others "$folder"
}

# Under the lock nobody else makes anything here: each scratch folder, and who works in it, remains from one that was killed.
end_remains() {
    local remains pids pid
    for remains in "$1"/*.making; do
        [[ -d $remains ]] || continue
        while pids=$(working_in "$remains"); [[ $pids ]]; do
            for pid in $pids; do kill -KILL "$pid" 2>/dev/null || true; done
            sleep 0.1
        done
        rm -rf "$remains" || { sleep 1; rm -rf "$remains"; }
    done
}

working_in() { find /proc/[0-9]*/cwd -maxdepth 0 -lname "$1*" 2>/dev/null | cut -d/ -f3; }

# The folders of former recipes, but for those in use (use_cached).
remove_others() {
    local other
    for other in "$(dirname "$1")"/*; do
        [[ $other == "$1" || $other == *.making || ! -d $other ]] ||
            flock --nonblock --exclusive "$other" rm -rf "$other" || say "kept, as it is in use: $other"
    done
}

# Ctrl-C reaches a whole process group by itself, a TERM sent to one script alone does not.
end_jobs() {
    local pid
    for pid in $(jobs -p); do end_tree "$pid"; done
    wait
}

end_tree() {
    local child children
    read -ra children 2>/dev/null < "/proc/$1/task/$1/children" || true
    for child in "${children[@]}"; do end_tree "$child"; done
    kill "$1" 2>/dev/null || true
}
