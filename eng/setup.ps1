# Dot-sourced by run.ps1, test.ps1 and mlext.ps1: what they share.
$ErrorActionPreference = 'Stop'
$Root = (Resolve-Path "$PSScriptRoot/..").Path
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

function Stop-With([string] $message) {
  [Console]::Error.WriteLine($message)
  exit 1
}

function Confirm-Dotnet {
  if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Stop-With "The .NET 10 SDK is needed and 'dotnet' is not on the PATH. See https://dotnet.microsoft.com/download/dotnet/10.0"
  }
  $version = "$(dotnet --version)"
  if (-not ($version -match '^(\d+)\.' -and [int]$Matches[1] -ge 10)) { Stop-With "The .NET 10 SDK is needed; 'dotnet --version' says: $version" }
}

function Build-Project([string] $path) {
  dotnet build "$Root/$path" -c Release -tl:off -v:minimal -nologo
  if ($LASTEXITCODE -ne 0) { Stop-With 'The build failed.' }
}
