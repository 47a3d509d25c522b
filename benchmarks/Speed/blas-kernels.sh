#!/usr/bin/env bash
# What does an image cost to train on with each of OpenBLAS's kernels? Compat mode on an x86-64 processor that has the instructions.
# MTTT-Linear in the in-context study, one thread, processor time, three runs each in turn; the last column is the mean beside the first's.
#   benchmarks/Speed/blas-kernels.sh [KERNELS...]        default: Haswell SkylakeX
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
kernels=("$@")
((${#kernels[@]})) || kernels=(Haswell SkylakeX)
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT

dotnet build benchmarks/Accuracy -c Release -v quiet -nologo
for seed in 0 1 2; do
  for kernel in "${kernels[@]}"; do
    OPENBLAS_CORETYPE=$kernel dotnet run -c Release --no-build --project benchmarks/Accuracy -- in-context-regression \
      --mixers ttt-linear --first-seed "$seed" --seeds 1 --steps 100 --log "$folder/$kernel" >/dev/null
  done
done

for kernel in "${kernels[@]}"; do
  sed -n 's/.*"Milliseconds":\([0-9.]*\).*/\1/p' "$folder/$kernel" \
    | awk -v name="$kernel" -v base="${base:-0}" '{ sum += $1; n++ } END { mean = sum / n; printf "%-12s %.2f ms an image  %.2f\n", name, mean, (base > 0 ? mean / base : 1) }' \
    | tee "$folder/line"
  base=${base:-$(awk '{ print $2 }' "$folder/line")}
done
