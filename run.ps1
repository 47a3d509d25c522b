# Sets up, then trains, evaluates, saves and loads an image classifier: on pictures it draws, or on yours.
#   ./run.ps1 [--dataset DIR_OR_ZIP] [--feed packages|detect] [--source DIRECTORY_OR_URL]...
. "$PSScriptRoot/eng/setup.ps1"
Read-Options $args
Confirm-Dotnet
Save-Feed
Restore-Project 'samples/TttImageClassification'
Build-Project 'samples/TttImageClassification'
& dotnet "$Root/samples/TttImageClassification/bin/$($script:Feed)/Release/net10.0/TttImageClassification.dll" @script:Rest
exit $LASTEXITCODE
