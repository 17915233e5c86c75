# shellcheck shell=bash disable=SC2154
# runc on a machine without CAP_SYS_RESOURCE. `engine` puts the path of the real one, as $runc, before this.
set -euo pipefail

# without_resource <file> <where in it the capabilities are>
without_resource() {
    local text
    text=$(jq -c "$2 |= ((. // {}) | map_values(map(select(. != \"CAP_SYS_RESOURCE\"))))" "$1")
    printf '%s\n' "$text" > "$1"
}

arguments=("$@")
for ((i = 0; i + 1 < $#; i++)); do
    case ${arguments[i]} in
        --bundle | -b) without_resource "${arguments[i + 1]}/config.json" .process.capabilities ;;
        --process | -p) without_resource "${arguments[i + 1]}" .capabilities ;;
    esac
done
exec "$runc" "$@"
