# shellcheck shell=bash
# A control plane alone for one measurement: etcd and kube-apiserver on loopback, RBAC on, no node, no controllers.
# Sourced, never run. Uses lib.sh and pki.sh of hack/cluster.

# control_plane_start <folder>   Sets control_plane_pids. Leaves <folder>/{admin,measured}.kubeconfig and audit.log.
control_plane_start() {
    local folder=$1 etcd_port peer_port api_port
    control_plane_keys "$folder/pki"
    control_plane_policy > "$folder/audit-policy.yaml"
    : > "$folder/audit.log"
    etcd_port=$(free_port) peer_port=$(free_port) api_port=$(free_port)

    "$ASSETS_DIR/etcd" --data-dir "$folder/etcd" --unsafe-no-fsync --log-level error \
        --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
        --listen-peer-urls "http://127.0.0.1:$peer_port" --initial-advertise-peer-urls "http://127.0.0.1:$peer_port" \
        --initial-cluster "default=http://127.0.0.1:$peer_port" >"$folder/etcd.log" 2>&1 &
    control_plane_pids=($!)
    # No endpoints for the service "kubernetes": the API server refuses to publish a loopback address.
    "$ASSETS_DIR/kube-apiserver" --etcd-servers "http://127.0.0.1:$etcd_port" \
        --bind-address 127.0.0.1 --secure-port "$api_port" --endpoint-reconciler-type none \
        --client-ca-file "$folder/pki/ca.crt" --authorization-mode Node,RBAC \
        --tls-cert-file "$folder/pki/apiserver.crt" --tls-private-key-file "$folder/pki/apiserver.key" \
        --service-cluster-ip-range "$SERVICE_CIDR" --service-account-issuer https://kubernetes.default.svc \
        --service-account-key-file "$folder/pki/service-account.pub" \
        --service-account-signing-key-file "$folder/pki/service-account.key" \
        --audit-policy-file "$folder/audit-policy.yaml" --audit-log-path "$folder/audit.log" \
        --audit-log-maxsize 1024 >"$folder/apiserver.log" 2>&1 &
    control_plane_pids+=($!)

    local user
    for user in admin measured; do
        pki_kubeconfig "$folder/pki" "$user" "https://127.0.0.1:$api_port" bench > "$folder/$user.kubeconfig"
    done
    control_plane_wait "$folder"
}

# Stops exactly what was started.
control_plane_stop() {
    ((${#control_plane_pids[@]})) || return 0
    kill "${control_plane_pids[@]}" 2>/dev/null || true
    wait "${control_plane_pids[@]}" 2>/dev/null || true
    control_plane_pids=()
}
control_plane_pids=()

control_plane_wait() {
    local folder=$1 pid
    for ((i = 0; i < 600; i++)); do
        if kubectl_in "$folder" get --raw /readyz >/dev/null 2>&1 &&
            kubectl_in "$folder" get namespace default >/dev/null 2>&1; then return; fi
        for pid in "${control_plane_pids[@]}"; do
            kill -0 "$pid" 2>/dev/null || { tail -n 5 "$folder"/{etcd,apiserver}.log >&2; die "the control plane ended; see above"; }
        done
        sleep 0.1
    done
    die "the control plane is not ready after a minute; its logs are in $folder"
}

kubectl_in() { "$ASSETS_DIR/kubectl" --kubeconfig "$1/admin.kubeconfig" "${@:2}"; }

control_plane_keys() {
    local pki=$1
    pki_authority "$pki"
    pki_certificate "$pki" apiserver /CN=kube-apiserver IP:127.0.0.1,DNS:localhost
    pki_certificate "$pki" admin /O=system:masters/CN=admin
    # A name of its own, so that the audit log tells its requests from ours.
    pki_certificate "$pki" measured /O=system:masters/CN=measured
}

# The API server's own clock and bookkeeping are the measure: no client polls while the clock runs.
control_plane_policy() {
    cat <<'YAML'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
- {level: Metadata, users: [measured]}
- {level: Metadata, users: [admin], verbs: [delete]}
- {level: None}
YAML
}

# Below the kernel's range for outgoing connections, so that none of those takes the port in the meantime.
free_port() {
    local port
    for ((i = 0; i < 100; i++)); do
        port=$((20000 + RANDOM % 12000))
        (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null || { echo "$port"; return; }
    done
    die "no free port between 20000 and 32000"
}
