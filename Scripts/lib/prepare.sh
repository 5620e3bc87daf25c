# Sourced by the commands in Scripts: checks for Swift, installs the two system packages where they are missing.

say() { printf '%s\n' "$*" >&2; }

prepare() {
  if ! command -v swift >/dev/null 2>&1; then
    say "error: 'swift' is not on the PATH. bvae-script needs Swift 6.1 or later: https://www.swift.org/install/linux/"
    exit 1
  fi
  local missing=()
  [ -e /usr/include/png.h ] || missing+=(libpng-dev)
  [ -e /usr/include/zlib.h ] || missing+=(zlib1g-dev)
  [ ${#missing[@]} -eq 0 ] && return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    say "error: the development files of libpng and zlib are missing; install them with your system's package manager"
    exit 1
  fi
  local root=()
  [ "$(id -u)" = 0 ] || root=(sudo)
  say "installing ${missing[*]}"
  "${root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}
