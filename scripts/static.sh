#!/usr/bin/env bash
# Collects static files into $VAR/static when any of them changed.
source "$(dirname "$0")/env.sh"

inputs=$(content_hash static "$VAR/frontend/dist" requirements/base.txt config/settings)
fresh static "$inputs" && [[ -d $VAR/static ]] && exit 0
"$ROOT/scripts/with-env.sh" dev python manage.py collectstatic --noinput --clear --verbosity=0 </dev/null
stamp static "$inputs"
