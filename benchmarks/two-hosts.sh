#!/usr/bin/env bash
# Sums and trainings of Open MPI over a network of 1 Gbit/s: two network namespaces of this machine, each with an address of its own, joined by a virtual cable whose speed is limited, and a
# launcher that enters them where ssh would go to another machine. Each has half of the processors. As root, on Linux, with openmpi-bin and iproute2; what docs/scale.md says was measured so.
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
done
limit() { for host in 1 2; do tc -n "mlext$host" qdisc replace dev cable root tbf rate "$rate" burst 128kb latency 50ms; done; }
unlimit() { for host in 1 2; do tc -n "mlext$host" qdisc delete dev cable root; done; }
half=$((($(nproc) + 1) / 2))
processors() { echo "$((($1 - 1) * half % $(nproc)))-$((($1 * half - 1) % $(nproc)))"; }

# The launcher calls it as it would ssh: options, a host, and the words of a command.
cat >"$work/enter" <<END
#!/usr/bin/env bash
while [[ \$1 == -* ]]; do shift; done
host=\${1##*.}
shift
exec taskset -c "$(processors 2)" ip netns exec "mlext\$host" sh -c "\$*"
END
chmod +x "$work/enter"

# Over TCP, for the two would find memory that they share, which two machines do not have. Bound to none, for the launcher would bind the first process of either to the same processor.
run() {
  taskset -c "$(processors 1)" ip netns exec mlext1 mpirun.openmpi --allow-run-as-root --bind-to none --mca plm_rsh_agent "$work/enter" --mca pml ob1 --mca btl tcp,self --mca btl_tcp_if_include 10.99.0.0/24 \
    --mca oob_tcp_if_include 10.99.0.0/24 --host "10.99.0.1:$(((processes + 1) / 2)),10.99.0.2:$((processes / 2))" -n "$processes" dotnet "$program" "$@" | tr -d '\r' | sed 's/\x1b\[?1h\x1b=//; s/\x1b\[?1h//'
}
steps() { run images "$work/model.zip" model=standard side=32 each=135 batch=128 epochs=11 timed=1 | tail -n 1; }

limit
run collectives
for floats in 1 250000 500000 1000000 2500000; do run sums "$floats" | tail -n 1; done
echo 'The standard model, 32 px, 128 images a step, without a limit and with it:'
for _ in 1 2 3; do
  unlimit
  steps
  limit
  steps
done
