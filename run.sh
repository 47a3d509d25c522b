#!/usr/bin/env bash
# Trains, evaluates, saves and loads an image classifier: on pictures it draws, or on yours. Then generates classifiers of symbols that nobody
# has seen before from a few drawings of each.
#   ./run.sh [--dataset DIR_OR_ZIP]
set -euo pipefail
caller_directory=$PWD
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
source eng/setup.sh

check_dotnet
build samples/TttImageClassification samples/FewShotSymbols
samples=$PWD/samples
cd -- "$caller_directory"
dotnet "$samples/TttImageClassification/bin/Release/net10.0/TttImageClassification.dll" "$@"
printf '\n'
exec dotnet "$samples/FewShotSymbols/bin/Release/net10.0/FewShotSymbols.dll"
