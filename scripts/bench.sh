#!/usr/bin/env bash
# Runs benches against the running installation; each prints one JSON line a figure.  bench.sh [NAME…]
# Without a name: every bench/bench_*.py but bench_cases, bench_registry, bench_import and bench_relocate, which fill databases of
# their own for minutes, and bench_ballots, which reads pages for most of an hour.
source "$(dirname "$0")/env.sh"

names=("$@")
((${#names[@]})) || for path in bench/bench_*.py; do
    [[ $path =~ /bench_(ballots|cases|registry|import|relocate)\.py$ ]] || names+=("$(basename -s .py "$path")")
done
for name in "${names[@]}"; do
    bench=bench/$name.py
    say "— $bench"
    "$ROOT/scripts/with-env.sh" dev python "$bench" </dev/null
done
