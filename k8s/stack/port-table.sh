# shellcheck shell=bash
# The doors of the stack, the same in every local cluster; forwarded ports have the NodePorts' numbers, so that they
# never meet those of compose.

# name | namespace | Service | its port | NodePort | compose's port | path to show
port_table='app|telemetry-app|app-a|8000|30080|8000|/
app-metrics|telemetry-app|app-a|8000|30081|8000|/metrics
api|forescale|forescale|8080|30082|8080|/
prometheus|monitoring|prometheus|9090|30090|9090|/
grafana|monitoring|grafana|3000|30300|3000|/'

# Compose's ports beside those above: gRPC.
compose_grpc_port=6000

node_ports() { cut -d'|' -f5 <<<"$port_table"; }

compose_ports() {
  cut -d'|' -f6 <<<"$port_table" | sort -un
  printf '%s\n' "$compose_grpc_port"
}

# Does something accept connections on a port of this machine?
is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
