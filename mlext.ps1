# The command-line tool: ./mlext.ps1 --help. Builds it first if it is not built or something it is built from is newer.
. "$PSScriptRoot/eng/setup.ps1"
$tool = "$Root/tools/mlext/bin/Release/net10.0/mlext.dll"
$stamp = "$Root/eng/local/mlext.built"
$built = (Test-Path $stamp) -and (Test-Path $tool)
if ($built) {
  $time = (Get-Item $stamp).LastWriteTimeUtc
  $built = -not (Get-ChildItem -Recurse -File "$Root/src", "$Root/tools", "$Root/eng" -Include *.cs, *.csproj, *.props, *.targets, *.json, *.html, *.css, *.js, *.svg |
    Where-Object { $_.LastWriteTimeUtc -gt $time -and $_.FullName -notmatch '[\\/](obj|bin)[\\/]' } | Select-Object -First 1)
}
if (-not $built) {
  Confirm-Dotnet
  [Console]::Error.WriteLine('Building mlext...')
  $started = [DateTime]::UtcNow
  Build-Project 'tools/mlext' | Out-Null
  New-Item -ItemType Directory -Force "$Root/eng/local" | Out-Null
  Set-Content $stamp ''
  (Get-Item $stamp).LastWriteTimeUtc = $started
}
& dotnet $tool @args
exit $LASTEXITCODE
