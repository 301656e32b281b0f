#!/usr/bin/env bash
# Everything that can be judged without running the product. All checks run; any failure fails the whole.
source "$(dirname "$0")/env.sh"

export NO_COLOR=1
failed=()
check() { # check TITLE COMMAND…
    local title=$1 out
    shift
    if out=$("$@" 2>&1 </dev/null 9>&-); then
        say "✓ $title"
    else
        say "✗ $title" "$(printf '\n%s' "$out")"
        failed+=("$title")
    fi
}
manage() { "$ROOT/scripts/with-env.sh" test python manage.py "$@"; }
tool() { "$ROOT/scripts/with-env.sh" test "$@"; }
# First migrations make tables nobody uses yet: only later ones can be unsafe. shared_numbers puts a unique
# constraint in the place of a stricter one: what the one allowed the other does.
lint_migrations() {
    local apps=(yukuai/*/migrations)
    apps=("${apps[@]%/migrations}")
    tool env DJANGO_SETTINGS_MODULE=scripts.check_settings python manage.py lintmigrations \
        --include-apps "${apps[@]#yukuai/}" --ignore-initial-migrations --ignore-name 0006_shared_numbers --no-cache --quiet ok ignore
}
shell_syntax() {
    local script
    for script in scripts/*.sh .ci/run; do bash -n "$script" || return; done
}
# Locks carry versions and hashes; where packages come from is the machine's business.
no_addresses() {
    ! grep -nE '://|--(extra-)?index|--find-links' requirements/*.in requirements/*.txt &&
        { [[ ! -f package-lock.json ]] || ! grep -nE '"resolved"|\.tgz|registry\.' package-lock.json; }
}

"$ROOT/scripts/secrets.sh"
with_test_cluster

check '规范 ruff check' tool ruff check .
check '格式 ruff format' tool ruff format --check .
check '类型 mypy' tool mypy
check '层次 import-linter' tool lint-imports --cache-dir "$VAR/cache/import-linter"
check '模板 djlint' tool djlint templates --lint --quiet
check '系统 manage.py check' manage check
check '迁移 makemigrations' manage makemigrations --check --dry-run
check '迁移 lintmigrations' lint_migrations
check '拼写 codespell' tool codespell
check '依赖 deptry' tool deptry --no-ansi .
check '脚本 bash -n' shell_syntax
check '锁定文件不含地址' no_addresses
check '前端 tsc' scripts/frontend.sh check

if ((${#failed[@]})); then
    die "没有通过:${failed[*]}(格式问题可以用 make fix 修正)"
fi
say '检查全部通过。'
