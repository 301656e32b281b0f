# 渝快社区: one place for every command a person or a machine runs. Each line of work is a script in scripts/.
# VAR (data folder), PORT, BIND, DATABASE_URL and DATABASE_OWNER_URL are honoured: see docs/operations.md.
SHELL := /bin/bash

.DEFAULT_GOAL := help
.PHONY: help up down clean check fix test unit db web browser faults architecture frontend bench bench-ballots bench-cases bench-map bench-registry demo-day docs lock tools

help: ## 显示这张表 · this list
	@awk -F ' ## ' '/^[a-z-]+:.* ## / { sub(/:.*/, "", $$1); printf "  make %-13s %s\n", $$1, $$2 }' Makefile

up: ## 启动(首次自动安装并装入演示数据)· install what is missing, start, print the address
	@scripts/require.sh product
	@scripts/venv.sh base
	@scripts/frontend.sh build
	@scripts/database.sh
	@scripts/static.sh
	@scripts/serve.sh start
	@scripts/welcome.sh

down: ## 停止,只留下 var/ · stop everything; only var/ stays
	@scripts/serve.sh stop
	@scripts/cluster.sh stop pg
	@scripts/cluster.sh stop testpg

clean: down ## 停止并删除 var/ 和其中的全部数据 · stop and delete all data
	@scripts/clean.sh

tools:
	@scripts/require.sh tests
	@scripts/venv.sh dev

check: tools ## 检查:规范、类型、层次、模板、迁移、拼写 · lint, types, layers, templates, migrations, spelling
	@scripts/check.sh

fix: tools ## 自动修正格式 · let the tools repair what they can
	@scripts/fix.sh

test: tools ## 全部测试(除 make faults)· every test but those of make faults
	@scripts/frontend.sh test
	@scripts/frontend.sh build
	@scripts/test.sh -n 2 tests --ignore=tests/faults --ignore=tests/browser
	@scripts/test.sh tests/browser

unit: tools ## 规则与引擎的测试,不用数据库 · rules and engines, no database
	@scripts/test.sh tests/unit

db: tools ## 数据库测试 · actions, queries, constraints, row-level security
	@scripts/test.sh -n 2 tests/db

web: tools ## 网页测试 · pages, swaps, permissions
	@scripts/test.sh -n 2 tests/web

architecture: tools ## 结构测试 · layers, signatures, file lengths, docs
	@scripts/test.sh tests/architecture

browser: tools ## 浏览器中的完整流程 · journeys in Chromium
	@scripts/frontend.sh build
	@scripts/test.sh tests/browser

faults: tools ## 故障、备份恢复与升级的测试 · kill -9, restore drill, upgrade under a reader
	@scripts/test.sh tests/faults

frontend: tools ## 前端单元测试 · front-end unit tests
	@scripts/frontend.sh test

bench: tools ## 性能基准,每个数字一行 JSON · benchmarks, one JSON line a figure
	@scripts/bench.sh

bench-ballots: tools ## 选票识读:155 万个格子对照真相(PAGES= SEED=) · ballots read, 1.55 million boxes against the truth
	@scripts/bench.sh bench_ballots

bench-cases: tools ## 百万件诉求下的受理、列表、检索、看板 · a million matters: intake, lists, search, boards
	@scripts/require.sh bench
	@scripts/bench.sh bench_cases

bench-map: tools ## 界线的整理与核对，切片与 tipg 相比 · boundaries made to fit and validated, tiles beside tipg
	@scripts/bench.sh bench_map bench_tiles

bench-registry: tools ## 320 万人的底数里查人，导入十万行，十万人随界线走 · 3.2 million people searched, 100,000 imported, moved with a line
	@scripts/require.sh bench
	@scripts/bench.sh bench_registry bench_import bench_relocate

demo-day: ## 街道的一天:演 24 小时,每个数和另算的比(SEED= MATTERS= DAY=) · a township's day, every figure proved
	@scripts/require.sh product
	@scripts/venv.sh base
	@scripts/frontend.sh build
	@scripts/demo-day.sh

docs: tools ## 重新生成由代码产生的文档 · regenerate generated reference pages
	@scripts/with-env.sh test python manage.py make_docs

lock: tools ## 重新锁定依赖版本 · compile the lock files anew
	@scripts/lock.sh
