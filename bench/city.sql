-- A city of :matters matters over the real tree, made by the server itself in a few minutes.
-- As superuser with triggers and keys off: every value is made consistent here, and `bench_cases.py` checks a sample.
-- 5.5 % are open and young; places are skewed (the busiest community has about 1 in 340 of all matters).
\set ON_ERROR_STOP on
SET session_replication_role = replica;
SET maintenance_work_mem = '512MB';
SET synchronous_commit = off;
SELECT setseed(0.42);

-- Built at the end, which takes a tenth of the time.
DROP INDEX case_words;

CREATE TEMP TABLE place AS
    SELECT d.id, d.path, t.id AS town, t.path AS town_path,
        row_number() OVER (ORDER BY d.code = :'home' DESC, d.parent_id = h.parent_id DESC,
            d.path LIKE split_part(h.path, '.', 1) || '.' || split_part(h.path, '.', 2) || '.%' DESC, md5(d.code)) AS place_rank
    FROM divisions_division d JOIN divisions_division t ON t.id = d.parent_id,
        (SELECT parent_id, path FROM divisions_division WHERE code = :'home' AND valid_to IS NULL) h
    WHERE d.kind = 'community' AND d.valid_to IS NULL;
CREATE UNIQUE INDEX ON place (place_rank);
ANALYZE place;
SELECT count(*) AS places FROM place \gset
SELECT max(id) AS pack FROM workflow_rulepack WHERE subject = 'case' AND effective_to IS NULL \gset
SELECT array_agg(id ORDER BY id) AS categories, count(*) AS kinds FROM cases_category WHERE active \gset

CREATE TEMP TABLE drawn AS
    SELECT n, floor(power(random(), 1.6) * :places)::int + 1 AS place_rank, random() AS age, random() AS fate,
        random() AS speed, random() AS spoke, floor(random() * :kinds)::int + 1 AS kind
    FROM generate_series(1, :matters) n;

-- Age 0 is now. The youngest 11 % are half open: 5.5 % of all.
CREATE TEMP TABLE matter AS
    SELECT n, p.id AS division_id, p.path AS area, p.town, p.town_path, spoke, fate,
        (:'categories'::bigint[])[kind] AS category_id,
        now() - age * interval '365 days' AS received_at,
        now() - age * interval '365 days' + interval '14 days' AS promised_at,
        CASE WHEN age < 0.11 AND fate < 0.5 THEN
                (ARRAY['submitted', 'accepted', 'triaged', 'dispatched', 'handling', 'handling', 'handling', 'replied'])[1 + floor(fate * 16)::int]
            WHEN fate < 0.56 THEN 'rejected' WHEN fate < 0.75 THEN 'rated' ELSE 'archived' END AS state,
        (0.1 + speed) * least(age * 365, 16) * interval '1 day' AS took,
        md5(n::text) AS mark
    FROM drawn JOIN place p USING (place_rank);

INSERT INTO cases_case (id, division_id, area, holders, number, client_uuid, state, source, anonymous, urgent, title, body,
    wanted, place_text, category_id, triage, triage_reason, rule_pack_id, received_at, changed_at, promised_at, replied_at,
    closed_at, rate_until, reporter_id, phone_hash, ticket_digest, unit_id, unit_area, dispatcher_id, dispatcher_area,
    rejection, rejection_channel, answer, outcome, reopened, extended, words)
SELECT n, division_id, area, ARRAY['ticket:' || mark], 'ZT-' || to_char(received_at, 'YYMM') || '-' || lpad(n::text, 7, '0'),
    mark::uuid, state, CASE WHEN spoke < 0.6 THEN 'app' ELSE 'phone' END, false, n % 200 = 0,
    s.title, s.body || '第' || n || '次说。', '', (n % 97 + 1) || '号楼', category_id,
    CASE WHEN state IN ('submitted', 'accepted', 'rejected') THEN '' WHEN n % 3 = 0 THEN 'major' ELSE 'minor' END, '', :pack,
    received_at, received_at + CASE WHEN state IN ('rated', 'archived', 'replied') THEN took ELSE took / 4 END, promised_at,
    CASE WHEN state IN ('rated', 'archived', 'replied') THEN received_at + took END,
    CASE WHEN state IN ('rated', 'archived') THEN received_at + took * 1.1 END, NULL, NULL, '', mark,
    CASE WHEN state NOT IN ('submitted', 'accepted', 'triaged', 'rejected') THEN CASE WHEN n % 3 = 0 THEN town ELSE division_id END END,
    CASE WHEN state NOT IN ('submitted', 'accepted', 'triaged', 'rejected') THEN CASE WHEN n % 3 = 0 THEN town_path ELSE area END END,
    NULL, NULL, CASE WHEN state = 'rejected' THEN 'other' ELSE '' END,
    CASE WHEN state = 'rejected' THEN '请到区县住房城乡建委反映。' ELSE '' END,
    CASE WHEN state IN ('rated', 'archived', 'replied') THEN '已经处理。' ELSE '' END,
    CASE WHEN state IN ('rated', 'archived', 'replied') THEN 'solved' ELSE '' END, (n % 40 = 0)::int, (n % 30 = 0)::int,
    (s.words || format($$ '%1$s':2B '号':2B '楼':2B '%1$s号':2B '号楼':2B$$, n % 97 + 1)
        || format($$ '第':3C '%1$s':3C '次':3C '说':3C '第%1$s':3C '%1$s次':3C '次说':3C$$, n)
        || CASE WHEN state IN ('rated', 'archived', 'replied')
            THEN $$ '已':4D '经':4D '处':4D '理':4D '已经':4D '经处':4D '处理':4D$$ ELSE '' END)::tsvector
FROM matter JOIN bench_told s ON s.id = 1 + n % (SELECT count(*) FROM bench_told);
SELECT setval(pg_get_serial_sequence('cases_case', 'id'), :matters);
SELECT setval('cases_number', :matters);

INSERT INTO workflow_statechange (division_id, area, holders, workflow, object_id, move, source, target, actor, reason, said, data, happened_at)
SELECT division_id, area, ARRAY['ticket:' || mark], 'case', n, 'raise', '', 'submitted', '居民本人', '', '您提交了。', '{}', received_at
FROM matter;
INSERT INTO workflow_statechange (division_id, area, holders, workflow, object_id, move, source, target, actor, reason, said, data, happened_at)
SELECT division_id, area, ARRAY['ticket:' || mark], 'case', n, 'close', 'visited', 'closed', '社区专职工作者', '', '办结了。', '{}',
    received_at + took * 1.1
FROM matter WHERE state IN ('rated', 'archived');

INSERT INTO workflow_deadline (division_id, area, holders, workflow, object_id, name, label, owner_id, owner_area, starts_at,
    due_at, next_reminder_at, reminded, met_at, law)
SELECT division_id, area, ARRAY['ticket:' || mark], 'case', n, CASE WHEN state = 'submitted' THEN 'accept' ELSE 'resolve' END,
    CASE WHEN state = 'submitted' THEN '受理' ELSE '办结' END, CASE WHEN n % 3 = 0 THEN town ELSE division_id END,
    CASE WHEN n % 3 = 0 THEN town_path ELSE area END, received_at, promised_at, NULL, 100,
    CASE WHEN state IN ('rated', 'archived', 'rejected') THEN received_at + took END, '产品设定'
FROM matter;

INSERT INTO cases_rating (division_id, area, holders, round, reached, contacted, solved, satisfied, reasons, words, given_at, case_id)
SELECT division_id, area, ARRAY['ticket:' || mark], 0, true, spoke < 0.95, CASE WHEN spoke < 0.9 THEN 'yes' ELSE 'no' END,
    spoke < 0.88, '[]', '', received_at + took * 1.2, n
FROM matter WHERE state = 'rated';

INSERT INTO audit_auditentry (happened_at, actor, user_id, act, target, area, purpose, holders, details)
SELECT received_at, '居民本人', NULL, 'case.raise', 'ZT-' || to_char(received_at, 'YYMM') || '-' || lpad(n::text, 7, '0'), area, '', '{}', '{}'
FROM matter WHERE n % 2 = 0;

CREATE INDEX case_words ON cases_case USING gin (words);
