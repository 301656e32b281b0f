# Sourced by every script: where things are. Makes nothing but $VAR itself.
# shellcheck shell=bash
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VAR=${VAR:-var}
case $VAR in /*) ;; *) VAR=$ROOT/$VAR ;; esac
PORT=${PORT:-8000}
BIND=${BIND:-127.0.0.1}
mkdir -p "$VAR"
VAR=$(cd "$VAR" && pwd)
export ROOT VAR PORT BIND
export PYTHONPYCACHEPREFIX=$VAR/pycache
export PATH=$VAR/venv/bin:$PATH
cd "$ROOT"

say() { printf '%s\n' "$*" >&2; }
die() {
    say "错误:$*"
    exit 1
}

# Is the command `$@` done within $1 seconds? Polls, never waits blindly.
within() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        read -rt 0.1 <> <(:) || true
    done
}

# One hash over the content of the files and folders given (missing ones are skipped).
content_hash() {
    local path existing=()
    for path in "$@"; do [[ -e $path ]] && existing+=("$path"); done
    find "${existing[@]}" -type f -not -path '*/__pycache__/*' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# `fresh NAME HASH`: was this stamp already reached?  `stamp NAME HASH`: it is now.
fresh() { [[ -f $VAR/stamps/$1 && $(<"$VAR/stamps/$1") == "$2" ]]; }
stamp() { mkdir -p "$VAR/stamps" && printf '%s' "$2" >"$VAR/stamps/$1"; }

# The tests' cluster and a scratch folder, both gone when the script ends. One user at a time: two would share the
# names of test databases. Commands run with 9>&-, or what they leave behind would keep the lock.
with_test_cluster() {
    exec 9>"$VAR/testing.lock"
    flock --nonblock 9 || {
        say "另一轮测试或检查正在进行,等它结束 …"
        flock 9
    }
    TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/yukuai-test-XXXXXX")
    export TMPDIR
    trap '"$ROOT/scripts/cluster.sh" stop testpg; rm -rf "$TMPDIR"' EXIT
    "$ROOT/scripts/cluster.sh" start testpg 9>&-
}
