#!/usr/bin/env bash
# Ours beside theirs: the table of docs/performance.md, measured on this machine. Ends with 1 and names the rows that have fallen more than a quarter behind what stands there.
#   benchmarks/run.sh [--quick] [--threads N] [WORD...]
# --quick takes fewer turns, and a row at a time on each processor; words choose the rows that have all of them in their names. Needs Debian's python3-torch, python3-torchvision and libopenblas0-pthread, and taskset.
set -euo pipefail
cd "$(dirname "$0")/.."
exec dotnet run -c Release --project benchmarks/Speed -- pairs --against docs/performance.md "$@"
