# shellcheck shell=bash
# How far something long is: in place on a terminal, a line a quarter of a minute in a log. Sourced, never run.

# progress_begin <what> <seconds that it takes on two idle cores>
progress_begin() { progress_what=$1 progress_seconds=$2 progress_began=$SECONDS progress_told=$SECONDS; }

# progress <percent>
progress() {
    local elapsed=$((SECONDS - progress_began)) left
    # At first what is fetched says little about how long compiling takes on this machine.
    if (($1 < 20)); then left=$((progress_seconds - elapsed)); else left=$((elapsed * (100 - $1) / $1)); fi
    ((left > 0)) || left=1
    local line="$progress_what: $1 %, about $((left / 60)) min $((left % 60)) s left"
    if [[ -t 2 ]]; then
        printf '\r[%4ds] %s\e[K' "$SECONDS" "$line" >&2
    elif ((SECONDS - progress_told >= 15)); then
        progress_told=$SECONDS
        say "$line"
    fi
}
