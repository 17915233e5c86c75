# shellcheck shell=bash
# Read by every bash of a test (BASH_ENV). The compiler of Kubernetes only pretends, since it takes minutes; it notes each use
# in $BUILDS. All else of the recipe is real. With $TRACE, the functions that are called are noted there.
go() {
    local output
    output=$(sed -E 's/.* -o ([^ ]+).*/\1/' <<< "$*")
    case "$*" in
        *main.go) command go "$@" ;;
        *openapi-gen) printf '#!/bin/sh\n' > "$output" && chmod +x "$output" ;;
        *)
            echo build >> "${BUILDS:-/dev/null}"
            seq 1810 | sed 's|^|k8s.io/kubernetes/package|' >&2
            sleep 2
            touch "$output"/{kube-apiserver,kube-controller-manager,kube-scheduler,kubelet,kube-proxy,sample-controller}
            chmod +x "$output"/*
            ;;
    esac
}
if [[ ${TRACE:-} ]]; then
    exec {BASH_XTRACEFD}>>"$TRACE"
    PS4='+${FUNCNAME[0]-} '
    set -x
fi
