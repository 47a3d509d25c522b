#!/usr/bin/env bash
# What is to be measured where there is an NVIDIA GPU: CIFAR-10 to an accuracy, and an epoch with each token mixer, there and on the processor.
#   benchmarks/gpu.sh CIFAR10.zip [FOLDER]
# The zip file has a folder for each class. Each step leaves its output in FOLDER (gpu-results) and is not run again where that is; delete a file to repeat its step.
set -uo pipefail
[[ $# -ge 1 && -f $1 ]] || { echo "usage: benchmarks/gpu.sh CIFAR10.zip [FOLDER]" >&2; exit 2; }
data=$(realpath -- "$1")
results=$(realpath -m -- "${2:-gpu-results}")
cd "$(dirname "$0")/.."
mixers=(none softmax-attention linear-attention ttt-linear ttt-mlp)
steps=(build cifar10 "${mixers[@]/#/gpu-}" "${mixers[@]/#/cpu-}")

if ! nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null; then
  echo "There is no NVIDIA GPU here; nothing was run. The steps would be: ${steps[*]}."
  exit 0
fi

mkdir -p -- "$results"

train() { dotnet tools/mlext/bin/Release/net10.0/mlext.dll image-classification --dataset "$data" --backbone none --seed 1 --output "$results/model-$1" "${@:2}"; }

run() {
  case $1 in
    build) dotnet build tools/mlext -c Release -p:TorchBackend=cuda ;;
    cifar10) train "$1" --gpu 0 --train-time 900 --json "$results/cifar10.json" ;;
    gpu-*) train "$1" --gpu 0 --epochs 1 --token-mixer "${1#gpu-}" ;;
    cpu-*) train "$1" --epochs 1 --token-mixer "${1#cpu-}" ;;
  esac
}

failed=()
for step in "${steps[@]}"; do
  log=$results/$step.txt
  if [[ ! -f $log ]]; then
    started=$(date +%s.%N)
    run "$step" >"$log.part" 2>&1 || { failed+=("$step"); echo "$step failed; its output is in $log.part"; continue; }
    echo "seconds, all of it: $(awk -v from="$started" -v to="$(date +%s.%N)" 'BEGIN { printf "%.1f", to - from }')" >>"$log.part"
    mv -- "$log.part" "$log"
  fi
  echo "$step: $(tail -n 2 -- "$log" | paste -sd ';')"
done

[[ ${#failed[@]} -eq 0 ]] || { echo "Could not be run: ${failed[*]}." >&2; exit 1; }
