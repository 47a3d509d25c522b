#!/usr/bin/env bash
# Sets up what is missing, then trains, evaluates, saves and loads an image classifier: on pictures it draws, or on yours.
#   ./run.sh [--dataset DIR_OR_ZIP] [--feed packages|compat|detect] [--source DIRECTORY_OR_URL]...
set -euo pipefail
caller_directory=$PWD
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
source eng/setup.sh

read_options "$@"
check_dotnet
record_feed
restore samples/TttImageClassification
install_missing
build samples/TttImageClassification
sample=$PWD/samples/TttImageClassification/bin/$feed/Release/net10.0/TttImageClassification.dll
tune_process
choose_blas_kernels
cd -- "$caller_directory"
exec dotnet "$sample" ${rest[@]+"${rest[@]}"}
