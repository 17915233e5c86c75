# shellcheck shell=bash
# A part of the stand-in for K3s, not of K3s: reads the mirrors of its registries.yaml, each with plain http, and refuses whatever
# else the file holds rather than ignoring it. Sourced, never run; uses common.sh and node-config.sh.

# write_mirrors <config folder> <registries.yaml>
write_mirrors() {
    local registry endpoints
    parse_mirrors "$2" > "$1/mirrors"
    while read -r registry endpoints; do
        # shellcheck disable=SC2086   # one word each
        write_mirror "$1" "$registry" $endpoints
    done < "$1/mirrors"
}

# parse_mirrors <file>   One line each: registry endpoint ...
parse_mirrors() {
    local line number=0 mirrors=false registry="" list endpoints=()
    local -r quoted="[\"']?" indent='^ +'
    while IFS= read -r line || [[ $line ]]; do
        ((number += 1))
        line=$(sed 's/ *#.*//; s/[[:space:]]*$//' <<< "$line")
        if [[ ! $line || $line == --- ]]; then
            continue
        elif [[ $line == mirrors: ]]; then
            mirrors=true
        elif [[ $mirrors == false ]]; then
            refuse_line "$number" "$line"
        elif [[ $registry && $line =~ ${indent}endpoint:( *\[(.*)\])?$ ]]; then
            read -ra list <<< "${BASH_REMATCH[2]//[\"\',]/ }"
            endpoints+=("${list[@]}")
        elif [[ $registry && $line =~ ${indent}-\ +$quoted([^\"\' ]+)$quoted$ ]]; then
            endpoints+=("${BASH_REMATCH[1]}")
        elif [[ $line =~ ${indent}$quoted([A-Za-z0-9.:-]+)$quoted:$ ]]; then
            end_mirror
            registry=${BASH_REMATCH[1]}
        else
            refuse_line "$number" "$line"
        fi
    done < "$1"
    end_mirror
}

# Prints the mirror that the lines before were about.
end_mirror() {
    local endpoint
    [[ $registry ]] || return 0
    ((${#endpoints[@]})) || die "registries.yaml: '$registry' has no endpoint"
    for endpoint in "${endpoints[@]}"; do
        [[ $endpoint == http://* ]] || die "registries.yaml: this stand-in for K3s knows endpoints with http:// only, not '$endpoint'"
    done
    echo "$registry ${endpoints[*]}"
    endpoints=()
}

refuse_line() { die "registries.yaml, line $1: this stand-in for K3s knows mirrors with endpoints only, not: $2"; }
