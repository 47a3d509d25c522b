#!/usr/bin/env bash
# Makes the pretrained generators of Microsoft.ML.FewShot, and puts their configurations and weights where the package embeds them.
# Symbols are trained on Omniglot's background set: what is there was made with one thread (OMP_NUM_THREADS=1), within 65 minutes. With --model, an already trained
# generator is put there. Photographs are trained on CIFAR-FS and Caltech-101, as zips of one folder a class: within 26 minutes of one thread.
#   eng/pretrain.sh OMNIGLOT_IMAGES_BACKGROUND.zip [options of mlext few-shot train]
#   eng/pretrain.sh --model GENERATOR.zip
#   eng/pretrain.sh --photographs FOLDER (with cifar_fs_train.zip, cifar_fs_val.zip, caltech101_84px.zip)
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
place=$root/src/Microsoft.ML.FewShot/Pretrained

if [[ ${1:-} == --photographs ]]; then
  dotnet run -c Release --project "$root/benchmarks/Accuracy" -- photographs-generator --data "$2" --output "$place"
  ls -l "$place"
  exit
fi

if [[ ${1:-} == --model ]]; then
  model=$2
else
  model=$root/output/pretrained.zip
  "$root/mlext" few-shot train --dataset "$1" --output "$model" --channels 64 --train-time 3900 --stroke-variation 0.2 --seed 1 "${@:2}"
fi

mkdir -p "$place"
for part in Config.json Weights.safetensors; do
  unzip -p "$model" "TransformerChain/$part" >"$place/Omniglot.${part##*.}"
done
ls -l "$place"
