# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What packaging/run and packaging/check share: the packages that are missing, and the build.
# Sourced, never run. The caller has set `set -euo pipefail`.

# The folder this file lies in, with symlinks followed: the scripts may be called through one.
kPackaging=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
kRoot=$(dirname "$kPackaging")

gAssumeYes=no      # --yes
gInstall=yes       # --no-install
gLog=/dev/null     # apt's output, once there is some

say() { printf '%s\n' "$*"; }
step() { printf '==> %s\n' "$*"; }

# fail WHAT [ADVICE…]: says what went wrong and what to do, and ends the script.
fail() {
    printf 'error: %s\n' "$1" >&2
    shift
    local advice
    for advice in "$@"; do printf '       %s\n' "$advice" >&2; done
    exit 1
}

# Wrong use is told apart from failure, as in the programs themselves.
wrongUse() {
    printf 'error: %s\n' "$1" >&2
    printf '       %s --help shows what there is\n' "$0" >&2
    exit 2
}

# ---------------------------------------------------------------------------------------- packages

# The lines of packaging/dependencies without comments and blanks.
neededPackages() {
    sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$kPackaging/dependencies"
}

isInstalled() {
    local state
    state=$(dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null) || return 1
    grep -q '^install ok installed$' <<<"$state"
}

isAvailable() {
    local policy
    policy=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null) || return 1
    grep -q 'Candidate: [^(]' <<<"$policy"
}

# Lines of the list for which none of the alternatives is installed.
missingLines() {
    local line name found
    while IFS= read -r line; do
        found=no
        for name in ${line//|/ }; do
            if isInstalled "$name"; then found=yes; fi
        done
        if [[ $found == no ]]; then printf '%s\n' "$line"; fi
    done < <(neededPackages)
}

# Of each line the first alternative that this release has. Where it has none of them: the first one,
# so that apt names it, or nothing where Cohelix does without.
chooseAlternatives() {
    local line name chosen
    while IFS= read -r line; do
        chosen=
        for name in ${line//|/ }; do
            if [[ -z $chosen ]] && isAvailable "$name"; then chosen=$name; fi
        done
        if [[ -n $chosen ]]; then
            printf '%s\n' "$chosen"
        elif [[ $line != *'| none' ]]; then
            printf '%s\n' "${line%% *}"
        fi
    done
}

# True where apt has no package lists, or lists older than its sources or a week, whose files may be
# gone. The lists themselves carry the server's date; the folder they are fetched to tells ours.
listsAreStale() {
    local fetched=/var/lib/apt/lists/partial
    [[ -z $(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -print -quit 2>/dev/null) ||
       -z $(find "$fetched" -maxdepth 0 -mtime -7 2>/dev/null) ||
       -n $(find /etc/apt/sources.list /etc/apt/sources.list.d -newer "$fetched" -print -quit 2>/dev/null) ]]
}

# Words before a command that make it run as root; empty for root itself.
gAsRoot=()
findRoot() {
    if [[ $(id -u) -eq 0 ]]; then return; fi
    if ! command -v sudo >/dev/null; then
        fail "packages are missing, and installing them needs root; there is no sudo here" \
             "As root run:  apt-get install --no-install-recommends $*" \
             "then call $(basename "$0") again."
    fi
    if [[ ! -t 0 ]] && ! sudo -n true 2>/dev/null; then
        fail "packages are missing, and sudo wants a password but there is no terminal to ask on" \
             "In a terminal run:  sudo apt-get install --no-install-recommends $*" \
             "then call $(basename "$0") again."
    fi
    gAsRoot=(sudo)
}

# The password, if sudo wants one, while nothing else is on the screen.
unlockRoot() {
    if [[ ${#gAsRoot[@]} -eq 0 ]] || sudo -n true 2>/dev/null; then return; fi
    sudo -v || fail "sudo refused; nothing was installed" \
                    "Ask somebody who may install packages here, or pass --no-install once they are there."
}

checkDistribution() {
    local id='' like='' version='' name=''
    if [[ -r /etc/os-release ]]; then
        # shellcheck disable=SC1091
        read -r id version name like < <(. /etc/os-release &&
            printf '%s %s %s %s\n' "${ID:-unknown}" "${VERSION_ID:-0}" \
                   "$(tr ' ' '_' <<<"${PRETTY_NAME:-unknown}")" "${ID_LIKE:-}")
    fi
    name=${name//_/ }
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        fail "this system (${name:-unknown}) has no apt; only Debian and Ubuntu are installed on by themselves" \
             "Install the equivalents of packaging/dependencies with your own package manager," \
             "then call $(basename "$0") --no-install."
    fi
    case $id in
    debian) if [[ ${version%%.*} -gt 0 && ${version%%.*} -lt 12 ]]; then
                fail "$name is too old: Cohelix needs Debian 12 or newer (Qt 6, CMake 3.25)"; fi ;;
    ubuntu) if [[ ${version%%.*} -lt 24 ]]; then
                fail "$name is too old: Cohelix needs Ubuntu 24.04 or newer (Qt 6, CMake 3.25)"; fi ;;
    *) if [[ " $like " == *" debian "* || " $like " == *" ubuntu "* ]]; then
           say "note: $name is taken for a relative of Debian; package names may differ"
       else
           say "note: $name is not known here; trying with its apt all the same"
       fi ;;
    esac
}

# explainApt LOG: the reason behind a failed apt-get, from its own words.
explainApt() {
    local log=$1
    if grep -qiE "no space left|enough free space" "$log"; then
        fail "the disk is full: $(grep -iE "no space left|enough free space" "$log" | head -n 1)" \
             "Free some space (apt-get clean helps) and call $(basename "$0") again; it goes on where it stopped."
    elif grep -qiE "could not get lock|unable to acquire the dpkg" "$log"; then
        fail "another program is installing packages" "Wait until it is done and call $(basename "$0") again."
    elif grep -qiE "dpkg was interrupted" "$log"; then
        fail "an earlier installation was cut off" "As root run:  dpkg --configure -a" \
             "and call $(basename "$0") again."
    elif grep -qiE "could not resolve|temporary failure|could not connect|unable to connect|timed out|network is unreachable|connection failed" "$log"; then
        fail "the package server cannot be reached" "Check the network (and the proxy in /etc/apt/apt.conf.d, if there is one)," \
             "then call $(basename "$0") again; what was fetched already is kept."
    elif grep -qiE "read-only file system" "$log"; then
        fail "the system is read-only" "Call $(basename "$0") --no-install once the packages are there."
    fi
    tail -n 15 "$log" >&2
    fail "apt-get failed; its last words are above" "The whole record: $log"
}

# aptGet LOG ARGUMENT…: quiet; apt's output goes to LOG.
aptGet() {
    local log=$1
    shift
    "${gAsRoot[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
        apt-get -q -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1 </dev/null
}

refreshLists() {
    unlockRoot
    step "Refreshing the package lists"
    if ! aptGet "$gLog" -o APT::Update::Error-Mode=any update; then
        # One broken source among others is no reason to stop while the packages can be found.
        if listsAreStale; then explainApt "$gLog"; fi
        say "note: not every package source answered; going on with those that did"
    fi
}

# simulate PACKAGE…: what apt would do, or why it cannot.
simulate() {
    LC_ALL=C apt-get -s -q --no-install-recommends install "$@" >"$gLog" 2>&1 && return
    local unknown
    unknown=$(sed -n 's/^E: Unable to locate package //p; s/^E: Package .\(.*\). has no installation candidate/\1/p' \
              "$gLog" | tr '\n' ' ')
    if [[ -n $unknown ]]; then
        fail "this system's package sources do not have: $unknown" \
             "On Ubuntu the 'universe' component must be on (add-apt-repository universe)," \
             "on Debian 'main' of bookworm or newer; see /etc/apt/sources.list.d."
    fi
    explainApt "$gLog"
}

# Bytes to download for the packages given.
downloadBytes() {
    LC_ALL=C apt-get --print-uris -q -y --no-install-recommends install "$@" 2>/dev/null |
        awk "/^'/ {sum += \$3} END {printf \"%d\", sum}"
}

# Bytes that the packages of the simulation in $gLog will take once unpacked.
installedBytes() {
    sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1=\2/p' "$gLog" |
        xargs -r apt-cache show --no-all-versions 2>/dev/null |
        awk '/^Installed-Size:/ {sum += $2} END {printf "%d", sum * 1024}'
}

asSize() { awk -v bytes="$1" 'BEGIN {
    if (bytes >= 1e9) printf "%.1f GB", bytes / 1e9; else printf "%.0f MB", bytes / 1e6 }'; }

# Free bytes where the folder lies.
freeBytes() { df --output=avail -B1 "$1" 2>/dev/null | awk 'NR == 2 {print $1}'; }

askConsent() {
    if [[ $gAssumeYes == yes || ! -t 0 ]]; then return; fi
    local answer=
    read -r -p "Install them now? [Y/n] " answer || answer=n
    case $answer in
    '' | [yY] | [yY][eE][sS]) ;;
    *) fail "nothing was installed" "The packages are needed; install them by hand or call $(basename "$0") again." ;;
    esac
}

# A line now and then while apt works, because the download takes minutes. Runs beside apt and ends
# with this script at the latest.
followApt() {
    local total=$1 unpacked told=0
    while kill -0 $$ 2>/dev/null; do
        sleep 1
        unpacked=$(grep -c '^Unpacking ' "$gLog" || true)
        if ((total > 0 && unpacked * 4 / total > told)); then
            told=$((unpacked * 4 / total))
            say "    $unpacked of $total unpacked"
        fi
    done
}

# Installs what packaging/dependencies names and is missing, after asking.
installMissing() {
    if [[ $gInstall == no ]]; then return; fi
    checkDistribution
    local -a lines packages
    mapfile -t lines < <(missingLines)
    if [[ ${#lines[@]} -eq 0 ]]; then return; fi
    gLog=$(mktemp -t cohelix-apt.XXXXXX)
    if listsAreStale; then
        findRoot "${lines[@]%% *}"
        refreshLists
    fi
    mapfile -t packages < <(printf '%s\n' "${lines[@]}" | chooseAlternatives)
    if [[ ${#packages[@]} -eq 0 ]]; then return; fi
    simulate "${packages[@]}"

    local count download installed free
    count=$(grep -c '^Inst ' "$gLog" || true)
    download=$(downloadBytes "${packages[@]}")
    installed=$(installedBytes)
    say "Missing packages:"
    printf '%s ' "${packages[@]}" | fold -s -w 96 | sed 's/^/    /'
    say ""
    say "With what they need: $count packages, $(asSize "$download") to download, $(asSize "$installed") on disk."
    free=$(freeBytes /usr)
    if [[ -n $free ]] && ((free < download + installed)); then
        fail "the disk is too full: $(asSize "$free") are free, $(asSize $((download + installed))) are needed"
    fi
    findRoot "${packages[@]}"
    askConsent

    unlockRoot
    local begin=$SECONDS
    step "Installing $count packages"
    followApt "$count" &
    local follower=$! failed=no
    aptGet "$gLog" install -y --no-install-recommends "${packages[@]}" || failed=yes
    kill "$follower" 2>/dev/null || true
    wait "$follower" 2>/dev/null || true
    if [[ $failed == yes ]]; then explainApt "$gLog"; fi
    rm -f "$gLog"
    say "    done in $((SECONDS - begin)) s"
}

# ------------------------------------------------------------------------------------------- build

# The preset for what this system has: `release`, or `no-torch` where there is no LibTorch. One from
# elsewhere is found through CMAKE_PREFIX_PATH, as CMake does.
usualPreset() {
    if [[ -n ${CMAKE_PREFIX_PATH:-} ]] || ! command -v dpkg-query >/dev/null || isInstalled libtorch-dev; then
        say release
        return
    fi
    say "note: there is no LibTorch here, so that Cohelix is built without training. This release has no package of it;" >&2
    say "      unpack LibTorch from pytorch.org and call again with CMAKE_PREFIX_PATH=/its/folder" >&2
    say no-torch
}

# As many compilers as there are cores, but no more than memory allows: a file that includes
# LibTorch takes about 1.5 GB.
buildJobs() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/^MemAvailable:/ {print int($2 / 1572864)}' /proc/meminfo 2>/dev/null || true)
    memory=${memory:-$cores}
    if ((memory < 1)); then memory=1; fi
    say $((cores < memory ? cores : memory))
}

# showErrors PATTERN LOG: the first lines that match and what follows them, or the last ones.
showErrors() {
    local lines
    lines=$(grep -m 5 -E -A 6 "$1" "$2" | head -n 30) || true
    printf '%s\n' "${lines:-$(tail -n 15 "$2")}" >&2
}

# buildPreset PRESET [TARGET…]: configures and builds in build/PRESET; all targets where none is named.
buildPreset() {
    local preset=$1 begin=$SECONDS log
    shift
    mkdir -p "$kRoot/build" 2>/dev/null || true
    if [[ ! -w $kRoot/build ]]; then
        fail "cannot write to $kRoot/build" "Clone Cohelix into a folder of your own."
    fi
    log="$kRoot/build/$preset.log"
    step "Building ($preset) in $kRoot/build/$preset"
    if ! (cd "$kRoot" && cmake --preset "$preset" >"$log" 2>&1); then
        showErrors 'CMake Error' "$log"
        fail "CMake could not set up the build; what it said is above" "The whole record: $log"
    fi
    local -a targets=()
    if [[ $# -gt 0 ]]; then targets=(--target "$@"); fi
    if ! cmake --build "$kRoot/build/$preset" --parallel "$(buildJobs)" "${targets[@]}" >>"$log" 2>&1; then
        if grep -q "No space left on device" "$log"; then fail "the disk is full" "The record: $log"; fi
        if grep -qE "Killed signal terminated|out of memory" "$log"; then
            fail "the compiler ran out of memory" "Close other programs and call $(basename "$0") again."
        fi
        showErrors '(^|[^_a-z])error[ :]|FAILED' "$log"
        fail "the build failed; what it said is above" "The whole record: $log"
    fi
    say "    done in $((SECONDS - begin)) s"
}

# Qt warns at every start where the locale is not UTF-8, as in a minimal system.
useUtf8() {
    if [[ $(locale charmap 2>/dev/null) != UTF-8 ]]; then export LC_ALL=C.UTF-8; fi
}
