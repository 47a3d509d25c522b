# Sourced by run.sh, test.sh and mlext: what they share. Expects the caller in the repository's root folder.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# What the stand-ins of compat mode are built on: libtorch with a fast BLAS, and image codecs.
compat_packages=(g++ libtorch-dev libopenblas0-openmp libstb-dev libjpeg-dev libpng-dev)

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$@"
  exit 1
}

# Takes --feed and --source out of the arguments; what is left is in the array "rest".
read_options() {
  feed=''
  sources=()
  rest=()
  while (($#)); do
    case $1 in
      --feed | --source)
        (($# > 1)) || fail "$1 needs a value: --feed packages|compat|detect, --source DIRECTORY_OR_URL"
        if [[ $1 == --feed ]]; then feed=$2; else sources+=("$(absolute "$2")"); fi
        shift 2
        ;;
      --feed=*) feed=${1#*=} && shift ;;
      --source=*) sources+=("$(absolute "${1#*=}")") && shift ;;
      *) rest+=("$1") && shift ;;
    esac
  done
  case $feed in
    '' | packages | compat | detect) ;;
    *) fail "--feed is packages, compat or detect; it was '$feed'." ;;
  esac
}

absolute() {
  case $1 in
    *://* | /*) printf '%s' "$1" ;;
    *) printf '%s/%s' "$caller_directory" "$1" ;;
  esac
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

# A choice made on the command line is recorded, so that a plain dotnet build afterwards keeps to it.
record_feed() {
  [[ -n $feed || ${#sources[@]} -gt 0 ]] || return 0
  local list
  list=$(IFS=';' && printf '%s' "${sources[*]}")
  list=${list//&/&amp;}
  list=${list//</&lt;}
  mkdir -p eng/local
  printf '<Project>\n<PropertyGroup>\n<RecordedFeed>%s</RecordedFeed>\n<RecordedSources>%s</RecordedSources>\n</PropertyGroup>\n</Project>\n' \
    "${feed#detect}" "$list" >eng/local/feed.props.$$
  mv eng/local/feed.props.$$ eng/local/feed.props
}

# Restores, which detects the feed when nothing is recorded, and leaves the feed's name in "feed".
restore() {
  dotnet restore "$1" -tl:off -v:minimal -nologo || fail "The packages could not be restored."
  feed=${MLExtensionsFeed:-$(sed -n 's:.*<RecordedFeed>\(.*\)</RecordedFeed>.*:\1:p' eng/local/feed.props)}
}

# Installs what is missing: what compat mode is built on, and the programs that are named (npm fetches what the page of mlext serve loads, node
# runs ONNX models in tests, chromium shows the page in tests). On what is no Debian it only says what compat mode needs.
install_missing() {
  [[ $(uname -s) == Linux ]] || return 0
  local missing=() package program
  for program in "$@"; do
    if ! has_program "$program"; then missing+=("$(package_of "$program")"); fi
  done
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    if [[ $feed == compat ]]; then say "This is no Debian; compat mode needs what Debian calls: ${compat_packages[*]}"; fi
    if ((${#missing[@]})); then say "This is no Debian; install what Debian calls: ${missing[*]}"; fi
    return 0
  fi
  if [[ $feed == compat ]]; then
    for package in "${compat_packages[@]}"; do
      [[ $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) == 'install ok installed' ]] || missing+=("$package")
    done
  fi
  ((${#missing[@]})) || return 0

  local as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      say "Packages are needed that are not installed, and this user is not root and has no sudo. Ask for: apt-get install ${missing[*]}"
      [[ $feed != compat ]] && return 0 # what needs them says so
      exit 1
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
    *) command -v "$1" >/dev/null ;;
  esac
}

package_of() {
  case $1 in
    node) printf nodejs ;;
    *) printf '%s' "$1" ;;
  esac
}

# ONNX Runtime, by which the tests check exported graphs: what package-lock.json names, without install scripts.
fetch_onnxruntime() {
  local folder=test/onnxruntime
  [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] ||
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error >&2 </dev/null
}

build() {
  dotnet build "$1" -c Release --no-restore -tl:off -v:minimal -nologo || fail "The build failed."
}

# Training allocates and frees the same large tensors in every step: let the C library keep them instead of handing them back to the kernel.
tune_process() {
  [[ $(uname -s) == Linux ]] || return 0
  export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-8589934592}
  export MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_:-17179869184}
  export MALLOC_TOP_PAD_=${MALLOC_TOP_PAD_:-268435456}
  export GLIBC_TUNABLES=${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}
  # A thread that waits for the others spins for a moment and then sleeps: spinning for long takes the cores from whatever else runs on a
  # busy machine, and sleeping at once has to be paid with a waking for every parallel loop of a training that has the machine to itself.
  export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-10000}
}

# Debian 12's OpenBLAS does not know AMD's processors with AVX-512 and takes its kernels for AVX2 there. Other processors keep what OpenBLAS
# chooses. benchmarks/Speed/blas-kernels.sh compares the two.
choose_blas_kernels() {
  local flag
  [[ -z ${OPENBLAS_CORETYPE:-} ]] && grep -q '^vendor_id.*AuthenticAMD' /proc/cpuinfo 2>/dev/null || return 0
  for flag in avx512f avx512dq avx512cd avx512bw avx512vl; do
    grep -q -m 1 -w "$flag" /proc/cpuinfo || return 0
  done
  export OPENBLAS_CORETYPE=SkylakeX
}
