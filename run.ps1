# Sets up, then trains, evaluates, saves and loads an image classifier: on pictures it draws, or on yours. Then generates classifiers of
# symbols that nobody has seen before from a few drawings of each.
#   ./run.ps1 [--dataset DIR_OR_ZIP] [--feed packages|detect] [--source DIRECTORY_OR_URL]...
. "$PSScriptRoot/eng/setup.ps1"
Read-Options $args
Confirm-Dotnet
Save-Feed
$samples = 'TttImageClassification', 'FewShotSymbols'
foreach ($sample in $samples) { Restore-Project "samples/$sample" }
foreach ($sample in $samples) { Build-Project "samples/$sample" }
& dotnet "$Root/samples/TttImageClassification/bin/$($script:Feed)/Release/net10.0/TttImageClassification.dll" @script:Rest
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
Write-Output ''
& dotnet "$Root/samples/FewShotSymbols/bin/$($script:Feed)/Release/net10.0/FewShotSymbols.dll"
exit $LASTEXITCODE
