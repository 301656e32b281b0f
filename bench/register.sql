-- A register of :people people over the real tree, made by the server itself in a few minutes.
-- As superuser with triggers and keys off: every value is made consistent here. Sealed values are drawn from a pool of really
-- sealed ones and hashes are random of the same length, but for those whom the bench then asks for (bench_registry.py).
-- The community of the demo's officers has 15,000 people, its township 120,000; the rest lies evenly over the city.
\set ON_ERROR_STOP on
SET session_replication_role = replica;
SET maintenance_work_mem = '512MB';
SET synchronous_commit = off;
SELECT setseed(0.42);

-- Indexes that are no constraint are built at the end.
CREATE TEMP TABLE later AS
    SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS made
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relname IN ('registry_person', 'registry_dwelling', 'registry_household', 'registry_occupancy',
            'registry_membership', 'registry_organisation', 'registry_building')
        AND NOT i.indisprimary AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid);
SELECT format('DROP INDEX %s', name) FROM later \gexec

CREATE TEMP TABLE place AS
    WITH home AS (SELECT id, parent_id FROM divisions_division WHERE code = :'home' AND valid_to IS NULL),
    here AS (
        SELECT d.id, d.path, d.name, d.id = h.id AS own, d.parent_id = h.parent_id AS near
        FROM divisions_division d, home h WHERE d.kind = 'community' AND d.valid_to IS NULL)
    SELECT id, path, row_number() OVER (ORDER BY path) AS rank,
        CASE WHEN own THEN 15000 WHEN near THEN 105000 / (SELECT count(*) - 1 FROM here WHERE near)
             ELSE (:people - 120000) / (SELECT count(*) FROM here WHERE NOT near) + 1 END::int AS people
    FROM here;

-- Houses of 48 rooms, four on a floor, in two entrances; three people a room.
INSERT INTO registry_building (division_id, area, name, address, floors, elevator, facts, client_uuid, created_at, changed_at, ended_why)
SELECT id, path, b || '栋', (ARRAY['人和街', '中山路', '学田湾', '红球路', '双钢路', '华福巷', '张家花园', '建设路'])[1 + rank % 8] || (1 + (b + rank) % 160) || '号',
    12, true, f.facts, gen_random_uuid(), now(), now(), ''
FROM place, generate_series(1, greatest(people / 144, 1)) b,
    (SELECT '{"": ["import", 30, "2026-03-01", 100, null, ""]}'::jsonb AS facts) f;
INSERT INTO registry_entrance (division_id, area, building_id, name, "order")
SELECT division_id, area, id, e::text, e FROM registry_building, generate_series(1, 2) e;
INSERT INTO registry_dwelling (division_id, area, building_id, entrance_id, floor, room, address, usage, status, owner_name,
    facts, client_uuid, created_at, changed_at, ended_why)
SELECT e.division_id, e.area, e.building_id, e.id, f, f || lpad(r::text, 2, '0'), '', 'home', 'own', (SELECT sealed FROM bench_sealed WHERE id = 1),
    b.facts, gen_random_uuid(), now(), now(), ''
FROM registry_entrance e JOIN registry_building b ON b.id = e.building_id, generate_series(1, 12) f, generate_series(1, 2) r;
CREATE TEMP TABLE room AS
    SELECT id, division_id, area, row_number() OVER (PARTITION BY division_id ORDER BY id) AS place, count(*) OVER (PARTITION BY division_id) AS rooms
    FROM registry_dwelling;

CREATE TEMP TABLE soul AS
    SELECT row_number() OVER (ORDER BY p.path, k) AS n, p.id AS division_id, p.path AS area, k,
        1 + floor(random() * :names)::int AS name, 1 + floor(random() * :sealed)::int AS sealed, gen_random_uuid() AS uuid
    FROM place p, generate_series(1, p.people) k;
ANALYZE soul;
SELECT '{"": ["import", 30, "2026-03-01", 100, null, ""]}' AS facts \gset
INSERT INTO registry_person (id, division_id, area, holders, name, initials, sex, birth_date, ethnicity, id_type, id_no, id_hint, person_key,
    phone, phone_hint, phone_hash, marital, education, political, nationality, hukou_address, work, facts, client_uuid, created_at, changed_at, ended_why)
SELECT n, s.division_id, s.area, ARRAY['record:' || uuid], m.name, m.initials, m.sex, date '1935-01-01' + (n * 7919 % 31000)::int, '01', '111', z.sealed, lpad((n % 97)::text, 2, '0'),
    md5('id' || n) || md5('no' || n), z.phone, lpad((n % 9973)::text, 4, '0'), md5('ph' || n) || md5('on' || n),
    '20', '60', '13', '', '', '', :'facts', uuid, now(), now(), ''
FROM soul s JOIN bench_name m ON m.id = s.name JOIN bench_sealed z ON z.id = s.sealed ORDER BY n;
INSERT INTO registry_occupancy (division_id, area, person_id, dwelling_id, living, since)
SELECT s.division_id, s.area, s.n, r.id, 'hukou-resident', date '2020-01-01'
FROM soul s JOIN room r ON r.division_id = s.division_id AND r.place = 1 + (s.k / 3) % r.rooms;
INSERT INTO registry_household (id, division_id, area, household_kind, hukou_no, hukou_address, dwelling_id, facts, client_uuid, created_at, changed_at, ended_why)
SELECT min(n), division_id, area, '1', '', '', NULL, :'facts', gen_random_uuid(), now(), now(), ''
FROM soul GROUP BY division_id, area, k / 3;
INSERT INTO registry_membership (division_id, area, household_id, person_id, relation, since)
SELECT division_id, area, min(n) OVER (PARTITION BY division_id, k / 3), n, CASE k % 3 WHEN 0 THEN '02' WHEN 1 THEN '10' ELSE '20' END, date '2020-01-01'
FROM soul;
INSERT INTO registry_organisation (division_id, area, name, initials, uscc, org_type, industry, legal_rep, phone, phone_hint, phone_hash,
    employees, address, facts, client_uuid, created_at, changed_at, ended_why)
SELECT s.division_id, s.area, m.name || o.what, split_part(m.initials, ' ', 1) || o.letters, '', 'shop', 'F', z.sealed, z.phone, '0000',
    md5('op' || s.n) || md5('h' || s.n), 3, '', :'facts', gen_random_uuid(), now(), now(), ''
FROM soul s JOIN bench_name m ON m.id = s.name JOIN bench_sealed z ON z.id = s.sealed,
    LATERAL (SELECT (ARRAY['便利店', '餐馆', '理发店', '诊所', '五金店'])[1 + s.k / 30 % 5] AS what, (ARRAY['bld', 'cg', 'lfd', 'zs', 'wjd'])[1 + s.k / 30 % 5] AS letters) o
WHERE s.k % 30 = 0;

SELECT made FROM later \gexec
SELECT setval(pg_get_serial_sequence('registry_person', 'id'), (SELECT max(id) FROM registry_person)),
    setval(pg_get_serial_sequence('registry_household', 'id'), (SELECT max(id) FROM registry_household));
