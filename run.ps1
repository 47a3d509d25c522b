# Trains, evaluates, saves and loads an image classifier: on pictures it draws, or on yours. Then generates classifiers of symbols that nobody
# has seen before from a few drawings of each.
#   ./run.ps1 [--dataset DIR_OR_ZIP]
. "$PSScriptRoot/eng/setup.ps1"
Confirm-Dotnet
foreach ($sample in 'TttImageClassification', 'FewShotSymbols') { Build-Project "samples/$sample" }
& dotnet "$Root/samples/TttImageClassification/bin/Release/net10.0/TttImageClassification.dll" @args
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
Write-Output ''
& dotnet "$Root/samples/FewShotSymbols/bin/Release/net10.0/FewShotSymbols.dll"
exit $LASTEXITCODE
