#!/usr/bin/env bash
# native-shim.sh SOURCES OBJECTS LIBRARY: compiles what changed in SOURCES, one process per processor, and links OBJECTS/LIBRARY.
# NATIVE_SHIM_FLAGS and NATIVE_SHIM_LIBRARIES are split at spaces. Two builds at once do not disturb each other: files appear by renaming.
set -euo pipefail
sources=$1 objects=$2 library=$3
command -v g++ >/dev/null || { echo "error : compat mode compiles a native library, and there is no g++. ./run.sh and ./test.sh install it." >&2; exit 1; }
trap 'echo "error : compiling $library failed; ./run.sh and ./test.sh install the libraries it needs." >&2' ERR
mkdir -p "$objects"
export objects
newest_header=$(find "$sources" -name '*.h' -printf '%T@ %p\n' | sort -rn | head -n 1 | cut -d' ' -f2-)
export newest_header

compile() {
  local source=$1 object compiler flags
  object=$objects/$(basename "$source").o
  read -ra flags <<<"${NATIVE_SHIM_FLAGS:-}"
  if [[ $object -nt $source && (-z $newest_header || $object -nt $newest_header) && $(cat "$object.flags" 2>/dev/null) == "${flags[*]-}" ]]; then
    return 0
  fi
  case $source in
    *.c) compiler=(gcc -std=c11) ;;
    *) compiler=(g++ -std=c++17) ;;
  esac
  "${compiler[@]}" -O2 -fPIC -fvisibility=hidden ${flags[@]+"${flags[@]}"} -c "$source" -o "$object.$$"
  mv "$object.$$" "$object"
  printf '%s' "${flags[*]-}" >"$object.flags"
}
export -f compile

find "$sources" \( -name '*.c' -o -name '*.cpp' \) -print0 |
  xargs -0 -n 1 -P "$(nproc)" bash -c 'set -euo pipefail; compile "$1"' compile

list=()
while IFS= read -r -d '' source; do list+=("$objects/$(basename "$source").o"); done < <(find "$sources" \( -name '*.c' -o -name '*.cpp' \) -print0 | sort -z)
read -ra libraries <<<"${NATIVE_SHIM_LIBRARIES:-}"
g++ -shared "${list[@]}" ${libraries[@]+"${libraries[@]}"} -o "$objects/$library.$$"
mv "$objects/$library.$$" "$objects/$library"
