# shellcheck shell=bash
# The recipe of the local cluster's binaries: what is fetched, patched and compiled. A changed byte here, or in another file
# of RECIPE (hack/cluster/lib.sh), makes them anew. Sourced by `assets`, never run.

readonly KUBERNETES_VERSION=1.20.2 KUBERNETES_COMMIT=faecb196815e248d3ecfb03c680a4507229c2a56
readonly KUBERNETES_COMMANDS=(cmd/kube-apiserver cmd/kube-controller-manager cmd/kube-scheduler cmd/kubelet cmd/kube-proxy
    vendor/k8s.io/sample-controller)
# Without the code of cloud providers and of Docker, which the local cluster has no use for: a third of the packages.
readonly KUBERNETES_TAGS="providerless dockerless"
# Packages compiled at each twentieth of the time that compiling takes, to tell how much of it is left: in `make demo`, which
# makes the images beside it for the first half.
readonly KUBERNETES_PACE=(0 30 60 90 110 140 170 360 440 515 660 735 785 870 1030 1220 1340 1425 1530 1690 1810)

# make_kubernetes <scratch> <assets>   Leaves the binaries in <assets>.
make_kubernetes() {
    local scratch=$1 assets=$2 programs tree
    ensure_commands unzip:unzip npm:npm
    enough_disk
    progress_begin "building Kubernetes $KUBERNETES_VERSION from Debian's source" 350
    debs_init "$scratch"
    progress 4
    # What is fetched while the processors compile costs no time.
    fetch_programs "$scratch" "$assets" &
    programs=$!
    fetch_sources "$scratch"
    progress 12
    build_kubernetes "$scratch" "$assets"
    build_pause "$scratch" "$assets"
    wait "$programs"
    say "the binaries of the cluster are complete"
}

enough_disk() {
    local free
    free=$(df --output=avail -k "$CACHE_DIR" | tail -n 1)
    ((free > 4 * 1024 * 1024)) ||
        die "building needs 4 GB of disk for a while and $CACHE_DIR has $((free / 1024)) MB; free some, or set XDG_CACHE_HOME"
}

# etcd, containerd, runc, the CNI plugins and a registry, as Debian built them; kubectl and helm.
fetch_programs() {
    local scratch=$1 assets=$2 clients
    debs_unpack "$scratch/node" etcd-server containerd runc containernetworking-plugins docker-registry
    mv "$scratch"/node/usr/bin/{etcd,containerd,containerd-shim-runc-v2,ctr,docker-registry} "$assets/"
    mv "$scratch/node/usr/sbin/runc" "$assets/"
    mv "$scratch/node/usr/lib/cni" "$assets/cni"
    clients=$(cluster_clients)
    cp -l "$clients"/* "$assets/"
}

# fetch_sources <scratch>   Kubernetes' sources, patched, and a Go toolchain. Sets the environment that go is called with.
fetch_sources() {
    local scratch=$1
    debs_source "$scratch/source" kubernetes
    debs_unpack "$scratch/tools" golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev
    export GOROOT="$scratch/tools/usr/lib/go-1.19" GOPATH="$scratch/go" GOCACHE="$scratch/gocache" GOFLAGS=''
    export GO111MODULE=off GOTOOLCHAIN=local CGO_ENABLED=0 PATH="$scratch/tools/usr/lib/go-1.19/bin:$PATH"
    tree="$GOPATH/src/k8s.io/kubernetes"
    mkdir -p "$tree"
    tar -xzf "$scratch"/source/kubernetes_*.orig.tar.gz -C "$tree" --strip-components=1
    patch_kubernetes "$tree" "$scratch/tools/usr/share/gocode/src/github.com/modern-go/reflect2"
}

patch_kubernetes() {
    local tree=$1 reflect2=$2 main="$1/staging/src/k8s.io/sample-controller/main.go"
    # The vendored reflect2 1.0.1 walks maps through runtime internals that Go 1.18 moved: the API server would
    # crash in aeshashbody. Debian's 1.0.2 does not.
    rm -r "$tree/vendor/github.com/modern-go/reflect2"
    cp -rL "$reflect2" "$tree/vendor/github.com/modern-go/reflect2"

    # client-go limits itself to 5 requests a second; the benchmark compares against it without that brake.
    sed -i '/cfg, err := clientcmd.BuildConfigFromFlags/,/^\t}/ s/^\t}/\t}\n\tcfg.QPS, cfg.Burst = 100000, 100000/' "$main"
    grep -q 'cfg.QPS, cfg.Burst' "$main" || die "sample-controller's main.go is not as expected; cannot lift its limits"
}

# Not by Kubernetes' own makefile: it builds six generators for files of which all but one come with the source.
build_kubernetes() {
    local scratch=$1 assets=$2 flags="-s -w" package setting
    for package in client-go/pkg component-base; do
        for setting in gitVersion=v$KUBERNETES_VERSION gitCommit=$KUBERNETES_COMMIT gitTreeState=clean gitMajor=1 gitMinor=20; do
            flags+=" -X k8s.io/kubernetes/vendor/k8s.io/$package/version.$setting"
        done
    done
    mkdir "$scratch/bin"
    (cd "$tree" && generate_openapi "$scratch") >"$scratch/build.log" 2>&1 || build_failed "$scratch/build.log"
    progress 17
    (cd "$tree" && go build -v -tags "$KUBERNETES_TAGS" -ldflags "$flags" -o "$scratch/bin" "${KUBERNETES_COMMANDS[@]/#/./}") \
        </dev/null >"$scratch/build.log" 2>&1 &
    follow_compiler $! "$scratch/build.log"
    wait $! || build_failed "$scratch/build.log"

    mkdir "$assets/sample-controller"
    mv "$scratch/bin/sample-controller" "$assets/sample-controller/"
    cp "$tree"/staging/src/k8s.io/sample-controller/artifacts/examples/*.yaml "$assets/sample-controller/"
    mv "$scratch"/bin/kube* "$assets/"
}

# The one generated file that the source lacks: what the API server tells of its types. As in build/root/Makefile.generated_files.
generate_openapi() {
    local folders
    go build -o "$1/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
    folders=$(grep -rl --include='*.go' --exclude='*_test.go' '^// +k8s:openapi-gen=' cmd pkg vendor/k8s.io/*/ |
        grep -vE '^vendor/k8s.io/(code-generator|sample-apiserver)/' | xargs -n 1 dirname | LC_ALL=C sort -u)
    "$1/openapi-gen" --logtostderr --output-package k8s.io/kubernetes/pkg/generated/openapi --output-file-base zz_generated.openapi \
        --go-header-file vendor/k8s.io/code-generator/hack/boilerplate.go.txt --report-filename "$1/violations" \
        --input-dirs "$(printf '%s\n' "$folders" | sed 's|^|k8s.io/kubernetes/|' | paste -sd,)"
}

# follow_compiler <pid> <log>   Tells the progress until the compiler ends.
follow_compiler() {
    local compiled step
    while kill -0 "$1" 2>/dev/null; do
        compiled=$(wc -l < "$2")
        for ((step = 1; step < 20 && compiled >= KUBERNETES_PACE[step]; step++)); do :; done
        progress $((17 + 4 * (step - 1)))
        sleep 1
    done
}

build_failed() {
    # Kept, because the scratch folder goes away and the reason would go with it.
    cp "$1" "$CACHE_DIR/build.log"
    tail -n 20 "$1" >&2
    die "the build of Kubernetes failed; the whole log is $CACHE_DIR/build.log.
Often the cause is too little disk (4 GB needed) or memory (3 GB). Nothing half made was left; repeat the command."
}

# Every pod needs a process that holds its namespaces open; no registry to take the usual image from.
build_pause() {
    mkdir "$1/pause"
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
    (cd "$1/pause" && go build -ldflags "-s -w" -o "$2/pause" main.go) >"$1/build.log" 2>&1 || build_failed "$1/build.log"
}
