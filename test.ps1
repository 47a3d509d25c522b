# Builds and runs every test; the last line is "N passed, N failed".
#   ./test.ps1 [arguments for dotnet test, such as --filter NAME]
. "$PSScriptRoot/eng/setup.ps1"
Confirm-Dotnet
Build-Project 'MLExtensions.sln'

$results = "$Root/artifacts/test"
if (Test-Path $results) { Remove-Item -Recurse -Force $results }
$passed = 0; $failed = 0; $skipped = 0
foreach ($project in Get-ChildItem "$Root/test/*/*.csproj" | Where-Object { Select-String -Quiet -SimpleMatch '<IsTestProject>true</IsTestProject>' $_ }) {
  $name = $project.BaseName
  dotnet test $project.FullName -c Release --no-build --nologo --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=minimal' --results-directory $results --blame-hang-timeout 10m --blame-hang-dump-type none @args
  $status = $LASTEXITCODE
  $total = 0; $ran = 0; $good = 0; $bad = 0
  if (Test-Path "$results/$name.trx") {
    $counters = ([xml](Get-Content -Raw "$results/$name.trx")).TestRun.ResultSummary.Counters
    $total = [int]$counters.total; $ran = [int]$counters.executed; $good = [int]$counters.passed; $bad = $ran - $good
  }
  # The counters alone are not enough: after a crash they show what had passed until then.
  if ($status -ne 0 -and $bad -eq 0) {
    Write-Host "${name}: the tests ended with exit code $status before all had run."
    $bad = 1
  }
  Write-Host "${name}: $good passed, $bad failed"
  $passed += $good; $failed += $bad; $skipped += $total - $ran
}

if ($passed + $failed -eq 0) { Write-Host 'No test ran.' }
$summary = "$passed passed, $failed failed"
if ($skipped -gt 0) { $summary += ", $skipped skipped" }
Write-Host $summary
exit [int]($failed -gt 0 -or $passed -eq 0)
