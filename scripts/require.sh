#!/usr/bin/env bash
# What the machine itself must have.  require.sh [product|tests|bench]
# Missing packages are installed with apt as root or through password-less sudo; otherwise the command is printed.
# Node is not among them: distributions ship it too old, so venv.sh takes it from a wheel where needed.
source "$(dirname "$0")/env.sh"

PYTHONS=(python3.13-venv python3.12-venv python3.11-venv)
fonts() {
    local found
    found=$(find /usr/share/fonts /usr/local/share/fonts "${HOME:-/}/.fonts" -name 'NotoS*CJK*' -print -quit 2>/dev/null) || true
    [[ -n $found ]]
}

missing() {
    "$ROOT/scripts/find-python.sh" >/dev/null || echo python
    [[ -n ${DATABASE_URL:-} && $wanted != tests ]] || "$ROOT/scripts/find-postgres.sh" >/dev/null || echo postgres
    [[ -e /usr/share/zoneinfo/Asia/Shanghai ]] || echo tzdata
    fonts || echo fonts-noto-cjk
    [[ $wanted != tests ]] || command -v chromium >/dev/null || echo chromium
    [[ $wanted != bench ]] || command -v wrk >/dev/null || echo wrk
}

offered() { apt-cache show "$1" >/dev/null 2>&1; }
first_offered() {
    local name
    for name in "$@"; do offered "$name" && echo "$name" && return; done
}
postgis_offered() { apt-cache search --names-only '^postgresql-(1[5-9]|[2-9][0-9])-postgis-3$' | cut -d' ' -f1 | sort -rV | head -1; }

# Which packages hold what is missing; needs apt's lists.
packages() {
    local thing postgis
    for thing in "$@"; do
        case $thing in
        python) first_offered "${PYTHONS[@]}" ;;
        postgres)
            postgis=$(postgis_offered)
            [[ -z $postgis ]] || echo "${postgis%-postgis-3} $postgis"
            ;;
        *) echo "$thing" ;;
        esac
    done
}

explain() {
    say "本机缺少:$*"
    say "需要 Python ≥ 3.11(带 venv)、PostgreSQL ≥ 15 与 PostGIS、思源字体(fonts-noto-cjk)${browser_words}。"
}

wanted=${1:-product}
[[ $wanted == tests ]] && browser_words='、Chromium' || browser_words=
mapfile -t lacking < <(missing)
((${#lacking[@]})) || exit 0

command -v apt-get >/dev/null || {
    explain "${lacking[@]}"
    die "本机没有 apt,请用本机的软件管理工具装好再来。"
}
if ((EUID == 0)); then
    admin=(env)
elif sudo -n true 2>/dev/null; then
    admin=(sudo -n env)
else
    read -ra names < <(packages "${lacking[@]}" | xargs)
    explain "${lacking[@]}"
    die "请让管理员执行:sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names[*]:-}"
fi

say "安装本机缺少的软件:${lacking[*]} …"
mkdir -p "$VAR/log"
"${admin[@]}" DEBIAN_FRONTEND=noninteractive apt-get update -q >"$VAR/log/apt.log" 2>&1 </dev/null ||
    die "apt-get update 没有成功,详见 $VAR/log/apt.log"
read -ra names < <(packages "${lacking[@]}" | xargs)
if ((${#names[@]})); then
    "${admin[@]}" DEBIAN_FRONTEND=noninteractive \
        apt-get install -yq --no-install-recommends "${names[@]}" >>"$VAR/log/apt.log" 2>&1 </dev/null ||
        die "apt-get install ${names[*]} 没有成功,详见 $VAR/log/apt.log"
fi

mapfile -t lacking < <(missing)
((${#lacking[@]} == 0)) || {
    explain "${lacking[@]}"
    die "本机的软件源里没有合适的版本,请自行装好再来(Debian 12、Ubuntu 24.04 或更新的版本都有)。"
}
