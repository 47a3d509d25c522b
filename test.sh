#!/usr/bin/env bash
# Builds and runs every test; the last line is "N passed, N failed". Installs the browser in which the tests look at the page of mlext serve, two MPIs and two databases.
#   ./test.sh [arguments for dotnet test, such as --filter NAME]
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
source eng/setup.sh

check_dotnet
install_missing npm chromium mpich openmpi-bin redis-server postgresql
build MLExtensions.sln

results=$PWD/artifacts/test
rm -rf -- "$results"
passed=0 failed=0 skipped=0

# Runs one project's tests; what it says goes to the standard output, how it ended to a file beside the report.
run_tests() {
  local name=$1 project=$2 status=0
  shift 2
  dotnet test "$project" -c Release --no-build --nologo --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=minimal' \
    --results-directory "$results" --blame-hang-timeout 10m --blame-hang-dump-type none "$@" || status=$?
  echo "$status" >"$results/$name.status"
}

# Adds one project's results. The counters of the report alone are not enough: after a crash they show what had passed until then.
add_results() {
  local name=$1 report=$results/$1.trx status total=0 ran=0 good=0 bad=0
  status=$(<"$results/$name.status")
  if [[ -f $report ]]; then
    total=$(counter total "$report") ran=$(counter executed "$report") good=$(counter passed "$report")
    bad=$((ran - good))
  fi
  if ((status != 0 && bad == 0)); then
    say "$name: the tests ended with exit code $status before all had run."
    bad=1
  fi
  printf '%s: %d passed, %d failed\n' "$name" "$good" "$bad"
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - ran))
}

counter() {
  local value
  value=$(sed -n "s/.*<Counters[^>]* $1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1)
  printf '%s' "${value:-0}"
}

mkdir -p "$results"

# What waits most of its time, for a browser, other processes or clocks, runs side by side; the others one after another, for they use all processors.
beside=() alone=()
for project in test/*/*.csproj; do
  grep -q '<IsTestProject>true</IsTestProject>' "$project" || continue
  case $(basename "$project" .csproj) in
    MLExt.BrowserTests | Microsoft.ML.Distributed.Tests | Microsoft.ML.FewShot.Hosting.Tests) beside+=("$project") ;;
    *) alone+=("$project") ;;
  esac
done

for project in "${beside[@]}"; do
  name=$(basename "$project" .csproj)
  run_tests "$name" "$project" "$@" >"$results/$name.log" 2>&1 &
done
wait
for project in "${beside[@]}"; do
  name=$(basename "$project" .csproj)
  cat "$results/$name.log"
  add_results "$name"
done

for project in "${alone[@]}"; do
  name=$(basename "$project" .csproj)
  run_tests "$name" "$project" "$@"
  add_results "$name"
done

if ((passed + failed == 0)); then say 'No test ran.'; fi
summary="$passed passed, $failed failed"
if ((skipped > 0)); then summary+=", $skipped skipped"; fi
echo "$summary"
((failed == 0 && passed > 0))
