# The command-line tool: ./mlext.ps1 --help. Builds it first if it is not built or something it is built from is newer.
. "$PSScriptRoot/eng/setup.ps1"
$stamp = "$Root/eng/local/mlext.built"
$built = Test-Path $stamp
if ($built) {
  $tool = (Get-Content -Raw $stamp).Trim()
  $time = (Get-Item $stamp).LastWriteTimeUtc
  $newer = Get-ChildItem -Recurse -File "$Root/src", "$Root/compat", "$Root/tools", "$Root/eng" -Include *.cs, *.csproj, *.props, *.targets, *.json, *.html, *.css, *.js, *.svg |
    Where-Object { $_.LastWriteTimeUtc -gt $time -and $_.FullName -notmatch '[\\/](obj|bin)[\\/]' } | Select-Object -First 1
  $built = (Test-Path $tool) -and -not $newer
}
if (-not $built) {
  Confirm-Dotnet
  [Console]::Error.WriteLine('Building mlext...')
  $started = [DateTime]::UtcNow
  Restore-Project 'tools/mlext' | Out-Null
  Build-Project 'tools/mlext' | Out-Null
  $tool = "$Root/tools/mlext/bin/$($script:Feed)/Release/net10.0/mlext.dll"
  Set-Content $stamp $tool
  (Get-Item $stamp).LastWriteTimeUtc = $started
}
& dotnet $tool @args
exit $LASTEXITCODE
