#!/usr/bin/env bash
# Makes the pretrained generator of Microsoft.ML.FewShot: trains it on Omniglot's background set and puts its configuration and weights where
# the package embeds them. What is there was made with one thread (OMP_NUM_THREADS=1), within 65 minutes. With --model, an already trained generator is put there.
#   eng/pretrain.sh OMNIGLOT_IMAGES_BACKGROUND.zip [options of mlext few-shot train]
#   eng/pretrain.sh --model GENERATOR.zip
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
place=$root/src/Microsoft.ML.FewShot/Pretrained

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
