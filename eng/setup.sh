# Sourced by run.sh, test.sh and mlext: what they share. Expects the caller in the repository's root folder.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$@"
  exit 1
}

check_dotnet() {
  command -v dotnet >/dev/null || fail "The .NET 10 SDK is needed and 'dotnet' is not on the PATH. See https://dotnet.microsoft.com/download/dotnet/10.0"
  local version
  if ! version=$(dotnet --version 2>&1) && [[ $version == *ICU* ]]; then
    export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
    version=$(dotnet --version 2>&1) || true
  fi
  [[ ${version%%.*} =~ ^[0-9]+$ ]] && ((${version%%.*} >= 10)) || fail "The .NET 10 SDK is needed; 'dotnet --version' says: $version"
}

build() {
  local target
  for target in "$@"; do
    dotnet build "$target" -c Release -tl:off -v:minimal -nologo || fail "The build failed."
  done
}

# Installs the programs that are named and missing: npm fetches what the page of mlext serve loads, chromium shows it in tests, which run trainings on two MPIs and clusters on two
# databases. Nothing else needs them, so where they cannot be installed it only says so.
install_missing() {
  [[ $(uname -s) == Linux ]] || return 0
  local missing=() program as_root=()
  for program in "$@"; do
    if ! has_program "$program"; then missing+=("$program"); fi
  done
  ((${#missing[@]})) || return 0
  if ! command -v apt-get >/dev/null; then
    say "This is no Debian; the tests of the page, of MPI and of clusters need what Debian calls: ${missing[*]}"
    return 0
  fi
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      say "This user is not root and has no sudo; for the tests of the page, of MPI and of clusters ask for: apt-get install ${missing[*]}"
      return 0
    fi
    as_root=(sudo)
  fi
  say "Installing ${missing[*]} (the first time this takes minutes)"
  mkdir -p eng/local
  { "${as_root[@]}" apt-get -qq update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}"; } \
    >eng/local/apt.log 2>&1 </dev/null || { cat eng/local/apt.log >&2 && fail "Installing failed; what is needed: apt-get install ${missing[*]}"; }
}

has_program() {
  local name
  case $1 in
    chromium)
      grep -q '^ID=debian' /etc/os-release || return 0 # elsewhere the package of that name is another thing; tests without a browser say so
      for name in "${MLEXT_BROWSER:-}" chromium chromium-browser google-chrome microsoft-edge; do command -v "$name" >/dev/null && return 0; done
      return 1
      ;;
    mpich) command -v mpirun.mpich >/dev/null ;;
    openmpi-bin) command -v mpirun.openmpi >/dev/null ;;
    postgresql) command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}
