#!/usr/bin/env bash
# Runs a command with the environment of this installation.  with-env.sh dev|test COMMAND…
# Example: scripts/with-env.sh dev python manage.py shell
source "$(dirname "$0")/env.sh"
kind=${1:?dev or test}
shift

case $kind in
dev)
    "$ROOT/scripts/secrets.sh"
    while IFS='=' read -r key value; do
        [[ -n ${!key:-} ]] || export "$key=$value"
    done <"$VAR/secrets.env"
    export DJANGO_SETTINGS_MODULE=${DJANGO_SETTINGS_MODULE:-config.settings.dev}
    export YUKUAI_DEMO=${YUKUAI_DEMO:-1}
    export PUBLIC_BASE_URL=${PUBLIC_BASE_URL:-http://localhost:$PORT}
    if [[ -n ${DATABASE_URL:-} ]]; then
        [[ -n ${DATABASE_OWNER_URL:-} ]] ||
            die "设置了 DATABASE_URL,还要设置 DATABASE_OWNER_URL(建表用的 yukuai_owner 登录),见 docs/operations.md。"
    else
        DATABASE_URL=$("$ROOT/scripts/cluster.sh" url pg)
        DATABASE_OWNER_URL=$("$ROOT/scripts/cluster.sh" owner-url pg)
    fi
    ;;
test) # always its own cluster: tests never meet an operator's database
    export DJANGO_SETTINGS_MODULE=config.settings.test
    DATABASE_URL=$("$ROOT/scripts/cluster.sh" url testpg)
    DATABASE_OWNER_URL=$("$ROOT/scripts/cluster.sh" owner-url testpg)
    ;;
*) die "不认识的环境:$kind" ;;
esac
export DATABASE_URL DATABASE_OWNER_URL

mkdir -p "$VAR/frontend/dist/islands" # settings name it, with or without a built front end
# Caches of tools belong to $VAR, not to the checkout.
export RUFF_CACHE_DIR=$VAR/cache/ruff MYPY_CACHE_DIR=$VAR/cache/mypy
export HYPOTHESIS_STORAGE_DIRECTORY=$VAR/cache/hypothesis
exec "$@"
