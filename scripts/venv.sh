#!/usr/bin/env bash
# The virtual environment from the hashed locks.  venv.sh base|dev
# `dev` holds everything of `base`. Without a Node ≥ 20.19 on the machine, Node comes as a wheel into the same place.
source "$(dirname "$0")/env.sh"
set_name=${1:-base}
log=$VAR/log/venv.log
mkdir -p "$VAR/log"

install() { # install NAME: once per content of requirements/NAME.txt
    local name=$1 hash
    hash=$(content_hash "requirements/$name.txt")
    fresh "venv-$name" "$hash" && return
    say "安装 Python 依赖(requirements/$name.txt)…"
    "$VAR/venv/bin/python" -m pip install --disable-pip-version-check --no-input --require-hashes \
        -r "requirements/$name.txt" >>"$log" 2>&1 </dev/null || die "Python 依赖没有装好,详见 $log"
    stamp "venv-$name" "$hash"
}

has_node() { # 20.19 is the oldest that Vite 8 runs on
    local node
    for node in $(type -ap node); do
        [[ $node != "$VAR"/* && -x $(dirname "$node")/npm ]] || continue
        "$node" -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' && return
    done
    return 1
}

if ! "$VAR/venv/bin/python" -c '' 2>/dev/null; then
    rm -rf "$VAR/venv" "$VAR"/stamps/venv-*
    python=$("$ROOT/scripts/find-python.sh") || die "没有找到 Python ≥ 3.11"
    "$python" -m venv "$VAR/venv"
fi
case $set_name in
base) fresh venv-dev "$(content_hash requirements/dev.txt)" || install base ;;
dev) install dev ;;
*) die "没有名为 $set_name 的依赖清单" ;;
esac
has_node || install node
