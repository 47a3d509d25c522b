# Dot-sourced by run.ps1, test.ps1 and mlext.ps1: what they share. Windows has no compat mode, so nothing but packages is set up here.
$ErrorActionPreference = 'Stop'
$Root = (Resolve-Path "$PSScriptRoot/..").Path
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$script:Feed = ''
$script:Sources = @()
$script:Rest = @()

function Stop-With([string] $message) {
  [Console]::Error.WriteLine($message)
  exit 1
}

# Takes --feed and --source out of the arguments; what is left is in $Rest.
function Read-Options([string[]] $arguments) {
  for ($i = 0; $i -lt $arguments.Count; $i++) {
    if ($arguments[$i] -notin '--feed', '--source') { $script:Rest += $arguments[$i]; continue }
    if ($i + 1 -ge $arguments.Count) { Stop-With "$($arguments[$i]) needs a value: --feed packages|detect, --source DIRECTORY_OR_URL" }
    $value = $arguments[$i + 1]
    if ($arguments[$i] -eq '--feed') { $script:Feed = $value }
    elseif (Test-Path $value) { $script:Sources += (Resolve-Path $value).Path }
    else { $script:Sources += $value }
    $i++
  }
  if ($script:Feed -notin '', 'packages', 'compat', 'detect') { Stop-With "--feed is packages, compat or detect; it was '$($script:Feed)'." }
}

function Confirm-Dotnet {
  if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Stop-With "The .NET 10 SDK is needed and 'dotnet' is not on the PATH. See https://dotnet.microsoft.com/download/dotnet/10.0"
  }
  $version = "$(dotnet --version)"
  if (-not ($version -match '^(\d+)\.' -and [int]$Matches[1] -ge 10)) { Stop-With "The .NET 10 SDK is needed; 'dotnet --version' says: $version" }
}

# A choice made on the command line is recorded, so that a plain dotnet build afterwards keeps to it.
function Save-Feed {
  if (-not $script:Feed -and $script:Sources.Count -eq 0) { return }
  $name = if ($script:Feed -eq 'detect') { '' } else { $script:Feed }
  $list = [Security.SecurityElement]::Escape($script:Sources -join ';')
  New-Item -ItemType Directory -Force "$Root/eng/local" | Out-Null
  Set-Content "$Root/eng/local/feed.props" "<Project>`n<PropertyGroup>`n<RecordedFeed>$name</RecordedFeed>`n<RecordedSources>$list</RecordedSources>`n</PropertyGroup>`n</Project>"
}

# Restores, which detects the feed when nothing is recorded, and leaves the feed's name in $Feed.
function Restore-Project([string] $path) {
  dotnet restore "$Root/$path" -tl:off -v:minimal -nologo
  if ($LASTEXITCODE -ne 0) { Stop-With 'The packages could not be restored.' }
  $script:Feed = if ($env:MLExtensionsFeed) { $env:MLExtensionsFeed } else { "$(([xml](Get-Content -Raw "$Root/eng/local/feed.props")).Project.PropertyGroup.RecordedFeed)" }
}

function Build-Project([string] $path) {
  dotnet build "$Root/$path" -c Release --no-restore -tl:off -v:minimal -nologo
  if ($LASTEXITCODE -ne 0) { Stop-With 'The build failed.' }
}
