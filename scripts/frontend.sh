#!/usr/bin/env bash
# The front end, in a copy under $VAR/frontend: the checkout stays clean.  frontend.sh build|test|check
source "$(dirname "$0")/env.sh"
verb=${1:?build, test or check}
work=$VAR/frontend
log=$VAR/log/frontend.log
inputs=(package.json package-lock.json vite.config.ts tsconfig.json frontend)

[[ -f package.json ]] || {
    say "还没有前端(package.json),跳过。"
    exit 0
}
mkdir -p "$work" "$VAR/log"
rm -rf "$work/frontend"
for input in "${inputs[@]}"; do [[ ! -e $input ]] || cp -R "$input" "$work/"; done
cd "$work" || exit

lock=$(content_hash package.json package-lock.json)
if [[ ! -d node_modules ]] || ! fresh node "$lock"; then
    say "安装前端依赖 …"
    npm ci --no-audit --no-fund --ignore-scripts >"$log" 2>&1 </dev/null || die "前端依赖没有装好,详见 $log"
    stamp node "$lock"
fi

case $verb in
build)
    sources=$(content_hash "${inputs[@]}")
    fresh bundle "$sources" && [[ -d dist ]] && exit 0
    say "构建前端 …"
    npx --no-install vite build >"$log" 2>&1 </dev/null || die "前端没有构建成功,详见 $log"
    stamp bundle "$sources"
    ;;
test) npx --no-install vitest run </dev/null ;;
check) npx --no-install tsc --noEmit </dev/null ;;
*) die "不认识的命令:$verb" ;;
esac
