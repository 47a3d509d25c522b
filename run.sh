#!/usr/bin/env bash
# Sets up what is missing, then trains, evaluates, saves and loads an image classifier: on pictures it draws, or on yours. Then generates
# classifiers of symbols that nobody has seen before from a few drawings of each.
#   ./run.sh [--dataset DIR_OR_ZIP] [--feed packages|compat|detect] [--source DIRECTORY_OR_URL]...
set -euo pipefail
caller_directory=$PWD
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
source eng/setup.sh

read_options "$@"
check_dotnet
record_feed
restore samples/TttImageClassification
restore samples/FewShotSymbols
install_missing
build samples/TttImageClassification
build samples/FewShotSymbols
samples=$PWD/samples
tune_process
choose_blas_kernels
cd -- "$caller_directory"
dotnet "$samples/TttImageClassification/bin/$feed/Release/net10.0/TttImageClassification.dll" ${rest[@]+"${rest[@]}"}
printf '\n'
exec dotnet "$samples/FewShotSymbols/bin/$feed/Release/net10.0/FewShotSymbols.dll"
