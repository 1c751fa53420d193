# The verbs of the project. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help setup demo test test-pure test-more test-long docs lint style types dead-code format bench tools cluster-tools cluster test-cluster-core images keda-releases dashboard-pictures load

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-19s %s\n", $$1, $$2}'

# npm ci runs again only when the lock file changed: a second run costs nothing. No package may run a script of its own but
# `node`, which fetches the binary for this machine.
node_modules/.installed: package.json package-lock.json
	@echo 'installing what the project needs into node_modules' >&2
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@npm rebuild node --loglevel=error >/dev/null
	@touch $@

setup: node_modules/.installed
	@node tools/setup.ts

demo: node_modules/.installed ## Run everything on this machine, no cluster: DEMO_ARGS="--for 90s --json" and `--help` for more
	@node tools/setup.ts prometheus
	@node src/cli/main.ts demo $(DEMO_ARGS)

test: tools lint ## Lint, types, purity, dead code, and all tests but those of test-more and test-long
	@vitest run

test-pure: node_modules/.installed ## The tests that only calculate: seconds, and no other program is started
	@vitest run --project pure

# What `make test` leaves out because it takes both cores for minutes and says nothing of the scaler itself that another test does not.
test-more: tools ## Images of containers, benchmarks, changed alerts, made clients and the tutorial, in a few minutes
	@vitest run --project images
	@FORESCALE_LONG=true vitest run test/real/bench test/real/rules.test.ts test/real/docs-site \
		test/real/cli/tutorial.test.ts test/real/api/clients.test.ts test/real/e2e/demo.test.ts \
		test/real/tenants/chart-limit.test.ts

# Tests of `make test` with many more random cases, as many as the environment says, and those of test/real/tenants in their long
# form: 120,000 half-open streams, a thousand SIGKILLs, and a month of polls. At last a whole day is played beside a what-if of it.
test-long: node_modules/.installed ## 10,000 random lives, 1,000 kills and a day, in an hour: FORESCALE_SEED=N replays a run
	@FORESCALE_SCENARIOS=$${FORESCALE_SCENARIOS:-10000} FORESCALE_RECONNECTS=$${FORESCALE_RECONNECTS:-10000} \
		FORESCALE_INPUTS=$${FORESCALE_INPUTS:-100000} \
		FORESCALE_REQUESTS=$${FORESCALE_REQUESTS:-20000} \
		vitest run test/edges/api/fuzz test/edges/scaler/no-harm test/edges/scaler/inputs.test.ts test/edges/scaler/push.test.ts
	@FORESCALE_LONG=true vitest run test/edges/api/recorded-week.test.ts
	@FORESCALE_LONG=true vitest run test/real/tenants
	@FORESCALE_LONG=true vitest run test/real/what-if --reporter=verbose
	@FORESCALE_LONG=true vitest run test/real/shards

lint: node_modules/.installed ## Style, types, purity of the core, dead code
	@$(MAKE) --no-print-directory --jobs=3 --keep-going style types dead-code && echo "took: lint   $$SECONDS s"

style:
	@biome check --error-on-warnings .

types:
	@npm run --silent types

dead-code:
	@knip

format: node_modules/.installed ## Rewrite to the house style
	@biome check --write .

docs: node_modules/.installed ## Make every document anew that code calculates, and name what changed: DOCS_ARGS=--check only compares
	@node tools/documents/write-documents.ts $(DOCS_ARGS)

# Twelve origins a trace for the slow opponents, which takes most of the time; BENCH_ARGS="--origins 60" for more.
bench: node_modules/.installed ## Forecasts on real traces, beside other methods: BENCH_ARGS="--traces DIR --short"
	@node bench/main.ts --origins 12 $(BENCH_ARGS)

.PHONY: bench-scale
bench-scale: node_modules/.installed ## What a workload costs a server with 100 to 10,000 of them, which takes long: SCALE_ARGS="--workloads 1000 --short"
	@node bench/scale/main.ts $(SCALE_ARGS)

# What is written in Go is built from source, once, which takes some minutes: not for those who only want to see the demo.
tools: setup ## Fetch the programs that tests, demo and load tests start, Kubernetes tools among them
	@node tools/setup.ts k6 hadolint shellcheck actionlint buildah docker-compose helm kustomize kubeconform kube-linter kube-score schemas \
		client-generator-typescript client-generator-python python-opponents

# Kubernetes, a node and KEDA from source, once: half an hour on two cores. Nothing else is skipped without them.
cluster-tools: tools ## Build a control plane, a node, KEDA and other programs of pods, for tests against the real ones
	@node tools/setup.ts etcd kube-apiserver kubectl kube-controller-manager keda-operator keda-adapter keda-webhooks \
		kube-state-metrics coredns prometheus-3 kube-scheduler kubelet kube-proxy containerd pause docker-engine

images: node_modules/.installed ## Make archives of all images without a registry, where cluster-tools were built; IMAGES="forescale k6" makes some
	@node tools/images.ts $(IMAGES)

cluster: node_modules/.installed ## Keep a Kubernetes cluster of one real node up until Ctrl-C, as root, where cluster-tools were built
	@node tools/cluster/main.ts $(CLUSTER_ARGS)

# Where programs or rights are missing the tests are skipped, with a line that says why and counts them.
test-cluster-core: node_modules/.installed ## Play one morning in a real cluster in five minutes: deploy, scale ahead, restart
	@FORESCALE_CLUSTER=core vitest run --project cluster test/cluster/end-to-end.test.ts

keda-releases: node_modules/.installed ## Build the other releases of KEDA that the tests play
	@node tools/setup.ts keda-operator-2.21 keda-adapter-2.21

store-tools: node_modules/.installed ## Build Cortex, a store of history with tenants, for tests
	@node tools/setup.ts cortex

.PHONY: release-tools release-dry-run
# A registry and cosign are built from source, once, which takes six minutes of two cores.
release-tools: node_modules/.installed ## Fetch what a release is pushed and signed with, and a registry for the dry run
	@node tools/setup.ts registry helm-4.3 skopeo cosign

release-dry-run: release-tools ## Make a release on this machine, twice, push it to a registry on loopback and use it; nothing is published
	@npm run --silent release dry-run

# Grafana's own components are 428 MB, which only those who change a dashboard need.
dashboards/pictures/node_modules: dashboards/pictures/package-lock.json
	@cd dashboards/pictures && npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error
	@touch $@

dashboard-pictures: node_modules/.installed dashboards/pictures/node_modules ## Draw the dashboards with Grafana's own components into .cache/dashboard-pictures
	@vitest run test/real/compose-stack.test.ts -t 'drawn by Grafana'

.PHONY: docs-site supply-chain

# VitePress is 102 MB, which only those who look at the site need.
tools/site/node_modules: tools/site/package.json tools/site/package-lock.json
	@cd tools/site && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

docs-site: node_modules/.installed tools/site/node_modules ## Build the documents as a site with search into .cache/docs-site: SITE_ARGS="--base /forescale/"
	@node tools/site/build-site.ts $(SITE_ARGS)

supply-chain: node_modules/.installed ## Judge the licences of all packages, and ask npm's registry for known vulnerabilities of them
	@node tools/supply-chain/main.ts $(SUPPLY_CHAIN_ARGS)

# Variables given to make are in the environment of what it starts, so LOAD_… need no more than this.
load: node_modules/.installed ## Run a load test with k6: SCRIPT=realistic LOAD_WEEK_SECONDS=1190; no SCRIPT lists them
	@node tools/load.ts $(if $(filter undefined,$(origin SCRIPT)),--help,$(SCRIPT)) $(LOAD_ARGS)
