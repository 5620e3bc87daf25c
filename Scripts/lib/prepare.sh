# Sourced by the commands in Scripts: checks that Swift works, installs the two system libraries where they are missing.

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $*"
  exit 1
}

# What Swift itself needs on Debian and Ubuntu (https://www.swift.org/install/linux/); g++ brings its C++ library.
swift_packages="binutils-gold g++ git gnupg2 libcurl4-openssl-dev libedit-dev libncurses-dev libpython3-dev \
libsqlite3-dev libxml2-dev libz3-dev pkg-config tzdata unzip"
libraries="libpng-dev zlib1g-dev"

prepare() {
  check_swift
  install_libraries
}

check_swift() {
  command -v swift >/dev/null 2>&1 \
    || fail "'swift' is not on the PATH. bvae-script needs Swift 6.1 or later: https://www.swift.org/install/linux/"
  local version major minor
  version=$(swift --version 2>&1) || cannot_start "$version"
  version=$(sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' <<<"$version" | head -n 1)
  read -r major minor <<<"${version:-0 0}"
  if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 1 ]; }; then
    fail "this is Swift $major.$minor; bvae-script needs 6.1 or later: https://www.swift.org/install/linux/"
  fi
  # Before the first build, whether a program of one line can be built.
  [ -e .build/release ] && return 0
  local folder output
  folder=$(mktemp -d)
  printf 'import Glibc\nprint(getpid() > 0)\n' >"$folder/main.swift"
  if ! output=$(swiftc -o "$folder/main" "$folder/main.swift" 2>&1 && "$folder/main" 2>&1) \
    || ! output=$(git --version 2>&1 && pkg-config --version 2>&1); then
    rm -rf "$folder"
    cannot_start "$output"
  fi
  rm -rf "$folder"
}

cannot_start() {
  say "$1"
  say "error: Swift is installed but does not work; packages that it needs are missing. On Debian and Ubuntu these are all:"
  as_administrator "$swift_packages $libraries"
  exit 1
}

# Says the command that installs packages, as whoever is at the keyboard can use it.
as_administrator() {
  if [ "$(id -u)" = 0 ]; then
    say "    apt-get update && apt-get install -y $1"
  elif command -v sudo >/dev/null 2>&1; then
    say "    sudo apt-get update && sudo apt-get install -y $1"
  else
    ask_administrator "$1"
  fi
}

ask_administrator() {
  say "Ask your administrator to run"
  say "    apt-get update && apt-get install -y $1"
}

has_header() { [ -e "/usr/include/$1" ]; }

install_libraries() {
  local missing="" root=""
  has_header png.h || missing="libpng-dev"
  has_header zlib.h || missing="${missing:+$missing }zlib1g-dev"
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null 2>&1 \
    || fail "the development files of libpng and zlib are missing; install them with your system's package manager"
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null 2>&1 || ! sudo -v; then
      say "error: system packages are missing, and there is no sudo to install them with: $missing"
      ask_administrator "$libraries"
      exit 1
    fi
    root=sudo
  fi
  say "installing $missing"
  quietly $root apt-get update
  quietly $root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
}

# install_optional PACKAGES FILE: installs packages that only some tests want, unless FILE is there; ends with 1 where root,
# apt-get or the network is missing, and says so.
install_optional() {
  [ ! -e "$2" ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "installing $1"
    # shellcheck disable=SC2086
    apt-get update >/dev/null 2>&1 </dev/null \
      && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $1 >/dev/null 2>&1 </dev/null \
      && return 0
  fi
  say "not installed: $1"
  return 1
}

# Runs a command whose output is shown only when it fails.
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    fail "this did not work: $*"
  fi
  rm -f "$log"
}
