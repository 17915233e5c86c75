# Iris Operator: `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help

##@ Start here
demo: ## Bring up a real cluster, install the operator, train on Iris and ask the service for a flower
	hack/demo
test: ## All tests, on real parts (ONLY=Name: the projects whose name contains it; KILLS=10: all kills of a build)
	hack/test
verify: ## Format, analyzers, shell scripts, generated files, lock files
	hack/verify

##@ Local cluster (CLUSTER=k3s|debian|kind, or CLUSTER=existing KUBECONFIG=… REGISTRY=… for one of yours; unset: what this machine can have)
cluster-up: ## A throwaway K3s where Docker is; else Kubernetes from Debian packages, built once a machine
	hack/cluster/up
cluster-down: ## Remove every trace of it, but not what was built
	hack/cluster/down
cluster-env: ## Print the exports for a shell: eval "$(make -s cluster-env)"
	@hack/cluster/env
purge: ## Remove the cluster and all that was built or kept for it on this machine
	hack/purge

##@ Build
build: ## Compile everything, warnings as errors
	dotnet build IrisOperator.sln --nologo -v quiet
images: ## Build and push the three images and print their sizes (VERSION=…, REGISTRY=…)
	hack/with-cluster hack/images/build
images-docker: ## The same images from their Dockerfiles (BUILDER=docker|podman|buildah, VERSION=…, REGISTRY=…)
	hack/images/dockerfiles
install: ## Install the operator with Helm into the cluster
	hack/with-cluster hack/install
generate: ## Write CRDs and RBAC from the C# types
	hack/generate
format: ## Format the sources
	dotnet format IrisOperator.sln --no-restore

##@ Measure
bench-operator: ## 500 IrisModels on the control plane alone, beside client-go's sample-controller
	hack/bench/operator
bench-latency: ## From apply to recorded run and to first prediction, beside a bare Job and Deployment
	hack/with-cluster hack/bench/latency
bench-rollout: ## From apply of a model that follows versions to its first right prediction, beside a bare Deployment
	MEASURES="image version" hack/with-cluster hack/bench/latency
bench-serving: ## Start-up, memory and requests a second of the server, beside a fixed answer and the server before
	hack/bench/serving.sh
bench-publish: ## From the start of the publisher to the pushed version, beside its start alone
	hack/bench/publish
bench-training: ## The trainer beside pandas, scikit-learn and XGBoost in Python (PARTS="iris table scaling prediction accuracy", ROWS=…)
	hack/bench/training

##@ Help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo test verify cluster-up cluster-down cluster-env purge build images images-docker install generate format bench-operator bench-latency bench-rollout bench-serving bench-publish bench-training help
