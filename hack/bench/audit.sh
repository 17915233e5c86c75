# shellcheck shell=bash
# Reads figures from the audit log of a control plane. Sourced, never run.

# Of the measured program: finished requests that are no watches, [time, verb, resource, code, name], in order.
readonly AUDIT_REQUESTS='
    def seconds: (.[0:19] + "Z" | fromdateiso8601) + (.[20:26] | tonumber) / 1000000;
    def requests: map(select(.user.username == "measured" and .verb != "watch")
        | {at: (.stageTimestamp | seconds), verb, code: .responseStatus.code, name: .objectRef.name,
           resource: ([.objectRef.resource, .objectRef.subresource // empty] | join("/"))})
        | sort_by(.at);
    def created($resources): map(select(.code == 201 and (.resource | IN($resources[]))));'

# created_count <audit log> <resource|resource>   Cheap enough to be asked while the clock runs.
created_count() { grep -cE '"verb":"(create|patch)".*"resource":"('"$2"')",.*"code":201' "$1" 2>/dev/null || true; }

# audit_quiet <audit log>   Returns when the log has not grown for a second.
audit_quiet() {
    local before=-1 size
    for ((i = 0; i < 120; i++)); do
        size=$(stat -c %s "$1")
        [[ $size != "$before" ]] || return 0
        before=$size
        sleep 1
    done
    die "the program still sends requests two minutes after its work was done; see $1"
}

# audit_work <audit log> <process start> <resource> ...   {first, last, created, requests, byKind}
audit_work() {
    jq -sc --argjson start "$2" "$AUDIT_REQUESTS"'
        requests | created($ARGS.positional) as $created | {
            first: ($created[0].at - $start), last: ($created[-1].at - $start), created: ($created | length),
            requests: length,
            byKind: (group_by([.verb, .resource, .code]) | map({
                "\(.[0].verb) \(.[0].resource // "(no resource)") \(.[0].code)": length}) | add)}' \
        --args "${@:3}" < "$1"
}

# audit_returned <audit log> <name>   Seconds from the end of the delete of a Deployment until it was there again.
audit_returned() {
    jq -sc --arg name "$2" '
        def seconds: (.[0:19] + "Z" | fromdateiso8601) + (.[20:26] | tonumber) / 1000000;
        (map(select(.user.username == "admin" and .verb == "delete" and .objectRef.name == $name)) | last.stageTimestamp) as $deleted
        | map(select(.user.username == "measured" and .objectRef.resource == "deployments"
            and .responseStatus.code == 201 and .stageTimestamp > $deleted)) | first.stageTimestamp // empty
        | seconds - ($deleted | seconds)' < "$1"
}
