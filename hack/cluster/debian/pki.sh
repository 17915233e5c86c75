# shellcheck shell=bash
# Keys, certificates and kubeconfigs of one cluster. Made anew by every `up`: it takes 0.3 s and nothing can be stale.
# Sourced, never run.

# pki_create <folder> [name ...]   Certificates are in <folder>/pki, kubeconfigs in <folder>. The API server's is valid for the
# names too, each written as IP:address or DNS:name.
pki_create() {
    local folder=$1 pki="$1/pki" names; shift
    names="IP:$NODE_IP,IP:127.0.0.1,IP:$KUBERNETES_SERVICE_IP,DNS:localhost"
    names+=",DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
    (($# == 0)) || names+=$(printf ',%s' "$@")
    pki_authority "$pki"
    pki_certificate "$pki" apiserver /CN=kube-apiserver "$names"
    pki_certificate "$pki" kubelet "/O=system:nodes/CN=system:node:$NODE_NAME" "IP:$NODE_IP,DNS:$NODE_NAME"
    pki_certificate "$pki" admin /O=system:masters/CN=admin
    pki_certificate "$pki" controller-manager /CN=system:kube-controller-manager
    pki_certificate "$pki" scheduler /CN=system:kube-scheduler
    pki_certificate "$pki" proxy /CN=system:kube-proxy

    local user
    for user in kubelet admin controller-manager scheduler proxy; do
        pki_kubeconfig "$pki" "$user" > "$folder/$user.kubeconfig"
    done
    chmod 600 "$folder"/*.kubeconfig
}

# pki_authority <pki>   What signs certificates, and what signs the tokens of service accounts.
pki_authority() {
    mkdir -p "$1"
    chmod 700 "$1"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=iris-operator-ca \
        -keyout "$1/ca.key" -out "$1/ca.crt" 2>/dev/null
    openssl ecparam -name prime256v1 -genkey -noout -out "$1/service-account.key"
    openssl ec -in "$1/service-account.key" -pubout -out "$1/service-account.pub" 2>/dev/null
}

# pki_certificate <pki> <name> <subject> [names]
pki_certificate() {
    local pki=$1 name=$2 subject=$3 names=${4:-DNS:$2}
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "$subject" \
        -keyout "$pki/$name.key" -out "$pki/$name.csr" 2>/dev/null
    openssl x509 -req -in "$pki/$name.csr" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -set_serial "0x$(openssl rand -hex 8)" \
        -days 3650 -out "$pki/$name.crt" -extfile <(
            echo "keyUsage=digitalSignature,keyEncipherment"
            echo "extendedKeyUsage=clientAuth,serverAuth"
            echo "subjectAltName=$names"
        ) 2>/dev/null
    rm "$pki/$name.csr"
}

# pki_kubeconfig <pki> <user> [server] [name]   The name is the context's and what it leads to.
pki_kubeconfig() {
    local pki=$1 user=$2 server=${3:-https://$NODE_IP:6443} name=${4:-iris-operator}
    cat <<YAML
apiVersion: v1
kind: Config
clusters:
- name: $name
  cluster:
    server: $server
    certificate-authority-data: $(base64 -w0 "$pki/ca.crt")
users:
- name: $user
  user:
    client-certificate-data: $(base64 -w0 "$pki/$user.crt")
    client-key-data: $(base64 -w0 "$pki/$user.key")
contexts:
- name: $name
  context: {cluster: $name, user: $user}
current-context: $name
YAML
}
