#!/usr/bin/env bash
# Sums and trainings of Open MPI over a network of 1 Gbit/s: two network namespaces of this machine, each with an address of its own, joined by a virtual cable whose speed is limited, and a
# launcher that enters them where ssh would go to another machine. As root, on Linux, with openmpi-bin and iproute2; what docs/scale.md says was measured so.
#   benchmarks/two-hosts.sh [RATE] [PROCESSES]
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
rate=${1:-1gbit} processes=${2:-2}
dotnet build -c Release -nologo -v quiet test/MLExtensions.Ranks
program=$PWD/test/MLExtensions.Ranks/bin/Release/net10.0/MLExtensions.Ranks.dll

work=$(mktemp -d)
clean() {
  ip netns delete mlext1 2>/dev/null || true
  ip netns delete mlext2 2>/dev/null || true
  rm -rf -- "$work"
}
trap clean EXIT
ip netns add mlext1
ip netns add mlext2
ip link add cable netns mlext1 type veth peer name cable netns mlext2
for host in 1 2; do
  ip -n "mlext$host" address add "10.99.0.$host/24" dev cable
  ip -n "mlext$host" link set lo up
  ip -n "mlext$host" link set cable up
  tc -n "mlext$host" qdisc add dev cable root tbf rate "$rate" burst 128kb latency 50ms
done

# The launcher calls it as it would ssh: options, a host, and the words of a command.
cat >"$work/enter" <<'END'
#!/usr/bin/env bash
while [[ $1 == -* ]]; do shift; done
host=${1##*.}
shift
exec ip netns exec "mlext$host" sh -c "$*"
END
chmod +x "$work/enter"

# Over TCP, for the two would find memory that they share, which two machines do not have.
run() {
  ip netns exec mlext1 mpirun.openmpi --allow-run-as-root --mca plm_rsh_agent "$work/enter" --mca pml ob1 --mca btl tcp,self --mca btl_tcp_if_include 10.99.0.0/24 \
    --mca oob_tcp_if_include 10.99.0.0/24 --host "10.99.0.1:$(((processes + 1) / 2)),10.99.0.2:$((processes / 2))" -n "$processes" dotnet "$program" "$@" | tr -d '\r' | sed 's/\x1b\[?1h\x1b=//; s/\x1b\[?1h//'
}
run collectives
for floats in 1 250000 500000 1000000 2500000; do run sums "$floats" | tail -n 1; done
start=$(date +%s.%N)
run images "$work/model.zip" epochs=5 >/dev/null
middle=$(date +%s.%N)
run images "$work/model.zip" epochs=25 >/dev/null
end=$(date +%s.%N)
awk "BEGIN { printf \"40 steps of 64 images: %.0f ms each\\n\", 1000 * (($end - $middle) - ($middle - $start)) / 40 }"
