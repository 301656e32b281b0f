"""The real table of 2023 and the real change of 2025-11-06."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.db.division_fixtures import (
    AT,
    STATE,
    THE_DAY,
    THE_DAY_BEFORE,
    administrator,
    bearing,
    count_rows,
    fingerprint,
    held,
    load_seed,
    settle,
    the_change,
)
from tests.db.division_fixtures import loaded as loaded
from tests.db.division_fixtures import tree as tree
from yukuai.accounts.models import Department, Resident, User
from yukuai.accounts.policy import SYSTEM
from yukuai.audit.models import AuditEntry
from yukuai.divisions.actions import load_divisions, play_change
from yukuai.divisions.models import (
    Division,
    DivisionChange,
    DivisionCode,
    DivisionPlacement,
    Succession,
)
from yukuai.divisions.queries import (
    count_by_kind,
    describe,
    find_divisions,
    list_ancestors,
    list_changes,
    list_children,
    resolve_code,
)
from yukuai.divisions.tables import Row
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import Deadline, StateChange

KINDS_BEFORE = {"city": 1, "district": 38, "zone": 3, "township": 1031, "community": 11270}
BELOW = {"group": 0, "grid": 0, "compound": 0}


def names(divisions) -> list[str]:
    return [division.name for division in divisions]


@pytest.fixture(scope="class")
def changed(loaded) -> Iterator[None]:
    with held():
        play_change(SYSTEM, plan=the_change(), at=AT)
        settle()
        yield


class TestTheTableOf2023:
    def test_holds_38_districts_1031_townships_and_11270_communities(self, tree):
        assert count_by_kind(SYSTEM, on=STATE) == KINDS_BEFORE | BELOW
        assert count_by_kind(SYSTEM, on=STATE - timedelta(days=1)) == dict.fromkeys(
            KINDS_BEFORE | BELOW, 0
        )
        assert Division.objects.count() == 12343

    def test_every_path_is_the_parents_path_and_the_own_id(self, tree):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM divisions_division d LEFT JOIN divisions_division p"
                " ON p.id = d.parent_id WHERE d.path <> coalesce(p.path, '') || d.id || '.'"
            )
            assert cursor.fetchone() == (0,)

    def test_loading_it_again_writes_nothing(self, tree):
        before, print_before = count_rows(), fingerprint()
        with scope(EVERYWHERE):
            entries = AuditEntry.objects.count()

        assert load_seed() == [0, 0]

        assert count_rows() == before
        assert fingerprint() == print_before
        with scope(EVERYWHERE):
            assert AuditEntry.objects.count() == entries

    def test_a_community_is_named_by_its_place_and_not_by_its_committee(self, tree):
        assert bearing("500103011014").name == "人民村社区"
        assert bearing("500102123220").name == "人民村"

    def test_two_committees_of_one_place_keep_their_full_names(self, tree):
        twins = Division.objects.filter(
            codes__code__startswith="500110108", name__startswith="石角社区"
        )
        assert sorted(names(twins)) == ["石角社区居民委员会", "石角社区村民委员会"]

    def test_functional_zones_have_codes_of_our_own(self, tree):
        zones = DivisionCode.objects.filter(division__kind="zone").order_by("code")
        assert [(z.code, z.scheme, z.official, z.division.name) for z in zones] == [
            ("50Z01", "own", False, "两江新区"),
            ("50Z02", "own", False, "重庆高新区"),
            ("50Z03", "own", False, "万盛经开区"),
        ]

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            (("500103011", "大溪沟街办", "500103"), "500103011 在平台里叫“大溪沟街道”"),
            (("500103099", "大溪沟街道", "500103"), "上级 500103 下面已有“大溪沟街道”"),
            (("500199001", "某街道", "500199"), "上级 500199 不在表里"),
        ],
    )  # fmt: skip
    def test_a_row_that_contradicts_the_tree_is_refused_and_nothing_written(
        self, tree, row, sentence
    ):
        before = fingerprint()
        good = Row(16, "500103098", "某某街道", "township", "500103")
        code, name, parent = row
        bad = Row(17, code, name, "township", parent)
        with pytest.raises(InvalidInput) as refused:
            load_divisions(SYSTEM, rows=[good, bad], on=STATE, source="x", at=AT)
        assert refused.value.fields["第 17 行"].startswith(sentence)
        assert list(refused.value.fields) == ["第 17 行"]
        assert fingerprint() == before

    def test_one_more_row_is_added_below_what_is_known(self, tree):
        row = Row(2, "500103098", "某某街道", "township", "500103")
        assert load_divisions(SYSTEM, rows=[row], on=STATE, source="x", at=AT).created == 1
        made = bearing("500103098")
        assert made.parent == bearing("500103")
        assert made.path == f"{made.parent.path}{made.pk}."
        assert made.initials == "mmjd"


class TestTheChange:
    @pytest.fixture
    def tree(self, changed) -> Iterator[None]:
        with held():
            yield
            connection.check_constraints()

    def test_leaves_37_districts_and_every_township_and_community(self, tree):
        now = KINDS_BEFORE | BELOW | {"district": 37, "zone": 2}
        assert count_by_kind(SYSTEM, on=THE_DAY) == now
        assert count_by_kind(SYSTEM, on=THE_DAY_BEFORE) == KINDS_BEFORE | BELOW

    def test_moves_47_townships_and_598_communities_below_them(self, tree):
        moved = DivisionPlacement.objects.filter(valid_to=THE_DAY, division__valid_to=None)
        assert moved.count() == 47
        change = DivisionChange.objects.get(key="chongqing-2025-11-06")
        assert len(change.details["carried"]) == 598
        carried = Division.objects.filter(pk__in=change.details["carried"])
        assert set(carried.values_list("kind", flat=True)) == {"community"}
        districts = {bearing("500157").path, bearing("500109").path}
        assert {".".join(c.path.split(".")[:2]) + "." for c in carried} == districts
        assert (len(list_children(SYSTEM, parent_id=bearing("500157").pk)),
                len(list_children(SYSTEM, parent_id=bearing("500109").pk))) == (42, 17)  # fmt: skip

    def test_every_path_is_the_parents_path_and_the_own_id(self, tree):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM divisions_division d LEFT JOIN divisions_division p"
                " ON p.id = d.parent_id WHERE d.path <> coalesce(p.path, '') || d.id || '.'"
            )
            assert cursor.fetchone() == (0,)

    def test_is_played_once(self, tree):
        before = fingerprint()
        play_change(SYSTEM, plan=the_change(), at=AT + timedelta(days=1))
        assert load_seed() == [0, 0]
        assert fingerprint() == before

    def test_an_old_township_code_leads_to_the_township_under_its_new_district(self, tree):
        found = resolve_code(SYSTEM, code="500105001")
        assert (found.division.name, found.since) == ("华新街街道", THE_DAY)
        assert found.today == (found.division,)
        above = list_ancestors(SYSTEM, division=found.division)
        assert names(above) == ["重庆市", "两江新区"]

    def test_an_old_district_code_leads_to_all_its_successors_the_main_one_first(self, tree):
        found = resolve_code(SYSTEM, code="500112")
        assert (found.division.name, found.since) == ("渝北区", THE_DAY)
        assert names(found.successors) == ["两江新区", "北碚区"]
        assert names(resolve_code(SYSTEM, code="500105").successors) == ["两江新区"]

    def test_the_functional_zone_gave_way_to_the_district_of_its_name(self, tree):
        zone = resolve_code(SYSTEM, code="50Z01")
        assert (zone.division.kind, zone.division.valid_to) == ("zone", THE_DAY)
        assert [(d.kind, d.code) for d in zone.successors] == [("district", "500157")]

    def test_a_code_padded_to_twelve_digits_means_the_same(self, tree):
        assert resolve_code(SYSTEM, code="500105001000").division.name == "华新街街道"
        assert resolve_code(SYSTEM, code=" 500000 ").division.name == "重庆市"

    def test_new_township_codes_are_marked_unofficial_and_say_why(self, tree):
        codes = DivisionCode.objects.filter(valid_from=THE_DAY).exclude(code="500157")
        assert codes.count() == 47
        assert set(codes.values_list("official", flat=True)) == {False}
        assert all(code.source.startswith("非官方") for code in codes)
        assert DivisionCode.objects.get(code="500157").official

    def test_communities_keep_their_codes_because_no_others_are_published(self, tree):
        code = DivisionCode.objects.get(code="500105001001")
        assert (code.valid_from, code.valid_to, code.official) == (STATE, None, True)

    def test_a_code_asked_for_a_day_it_was_not_in_force_is_not_found(self, tree):
        with pytest.raises(NotFound):
            resolve_code(SYSTEM, code="500157020", on=THE_DAY_BEFORE)
        assert resolve_code(SYSTEM, code="500157020", on=THE_DAY).division.name == "华新街街道"

    def test_what_was_true_the_day_before_can_still_be_asked(self, tree):
        township = bearing("500105001")
        then = describe(SYSTEM, division_id=township.pk, on=THE_DAY_BEFORE)
        now = describe(SYSTEM, division_id=township.pk, on=THE_DAY)
        assert (then.place, then.code) == ("重庆市 › 江北区 › 华新街街道", "500105001")
        assert (now.place, now.code) == ("重庆市 › 两江新区 › 华新街街道", "500157020")

    def test_the_old_district_has_its_children_of_then_and_none_today(self, tree):
        old = bearing("500105")
        assert list_children(SYSTEM, parent_id=old.pk) == []
        then = list_children(SYSTEM, parent_id=old.pk, on=THE_DAY_BEFORE)
        assert (len(then), then[0].code, then[0].name, then[0].has_children) == (
            12, "500105001", "华新街街道", True,
        )  # fmt: skip

    def test_the_city_had_41_parts_the_day_before_and_has_39_today(self, tree):
        city = bearing("50")
        then = list_children(SYSTEM, parent_id=city.pk, on=THE_DAY_BEFORE)
        now = list_children(SYSTEM, parent_id=city.pk)
        assert (len(then), len(now)) == (41, 39)
        assert {"江北区", "渝北区"} == {child.name for child in then} - {c.name for c in now}
        assert [child.code for child in now] == sorted(child.code for child in now)

    def test_a_district_is_not_described_after_its_end(self, tree):
        with pytest.raises(NotFound, match="到 2025-11-06 撤销"):
            describe(SYSTEM, division_id=bearing("500105").pk, on=THE_DAY)

    def test_whoever_was_carried_along_finds_the_change(self, tree):
        for code in ("500105", "500157", "500105001", "500105001001"):
            (change,) = list_changes(SYSTEM, division_id=bearing(code).pk)
            assert change.key == "chongqing-2025-11-06"
        assert not list_changes(SYSTEM, division_id=bearing("500103").pk).exists()

    def test_three_divisions_ended_in_four_successions(self, tree):
        rows = Succession.objects.values_list("predecessor__name", "successor__name")
        assert list(rows.order_by("pk")) == [
            ("江北区", "两江新区"),
            ("渝北区", "两江新区"),
            ("渝北区", "北碚区"),
            ("两江新区", "两江新区"),
        ]

    def test_the_change_stands_in_the_audit_log(self, tree):
        with scope(EVERYWHERE):
            entry = AuditEntry.objects.get(act="division.reorganise")
        assert (entry.actor, entry.area) == ("系统", bearing("50").path)
        assert entry.details["effective"] == "2025-11-06"

    def test_village_names_repeat_so_a_hit_tells_its_full_place(
        self, tree, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(2):
            hits = find_divisions(SYSTEM, text="双龙村", kinds=["community"], limit=30)
        exact = [hit for hit in hits if hit.name == "双龙村"]
        assert (len(exact), len({hit.place for hit in exact})) == (21, 21)
        assert hits[:21] == exact

    def test_words_before_the_last_name_the_place_above(self, tree):
        (hit,) = find_divisions(SYSTEM, text="渝中 人民村")
        assert hit.place == "重庆市 › 渝中区 › 大溪沟街道 › 人民村社区"
        assert (hit.code, hit.kind_label) == ("500103011014", "村（社区）")

    @pytest.mark.parametrize(
        ("text", "first"),
        [
            ("500157", "两江新区"),
            ("５００１０３", "渝中区"),
            ("500105001", "华新街街道"),
            ("500103011014", "人民村社区"),
            ("ljxq", "两江新区"),
            ("CQS", "重庆市"),
            ("zjz", "周嘉镇"),
            ("渝中", "渝中区"),
            ("观音桥", "观音桥街道"),
        ],
    )
    def test_divisions_are_found_by_code_name_and_initials(self, tree, text, first):
        assert find_divisions(SYSTEM, text=text)[0].name == first

    def test_either_reading_of_a_name_finds_it(self, tree):
        for typed in ("cjz", "zjz"):
            hits = find_divisions(SYSTEM, text=typed, kinds=["township"], limit=99)
            assert "曾家镇" in names(hits)

    def test_nothing_typed_finds_nothing_and_wildcards_are_letters(self, tree):
        for typed in ("", "  ", "%", "_", "人民%村", "' OR 1=1 --"):
            assert find_divisions(SYSTEM, text=typed) == []

    def test_a_search_stays_within_a_place(self, tree):
        district = bearing("500103")
        hits = find_divisions(SYSTEM, text="人民村", within=district.path)
        assert names(hits) == ["人民村社区"]

    def test_the_abolished_are_found_only_when_asked_for(self, tree):
        assert find_divisions(SYSTEM, text="江北区") == []
        (hit,) = find_divisions(SYSTEM, text="江北区", abolished=True)
        assert (hit.place, hit.valid_to) == ("江北区（2025-11-06 撤销）", THE_DAY)

    def test_the_command_finds_nothing_left_to_do(self, tree):
        before, out = fingerprint(), StringIO()
        call_command("load_divisions", stdout=out)
        assert fingerprint() == before
        assert out.getvalue() == (
            "区划：1 市、37 区县、2 功能区、1031 乡镇（街道）、11270 村（社区）；"
            "新装入 0，变更 0 件。\n"
        )


class TestRowsFollowTheChange:
    def test_what_lay_in_a_township_or_community_lies_there_still_in_another_district(self, tree):
        township, community = bearing("500105001"), bearing("500105001001")
        office = Department.objects.create(
            division=township, name="城管办", short_name="城管", kind="x"
        )
        make_deadline(community, owner=township)
        play_change(SYSTEM, plan=the_change(), at=AT)
        new = bearing("500157").path
        office.refresh_from_db()
        with scope(EVERYWHERE):
            deadline = Deadline.objects.get()
        assert office.area == f"{new}{township.pk}."
        assert deadline.area == f"{new}{township.pk}.{community.pk}."
        assert deadline.owner_area == office.area
        assert (office.division_id, deadline.division_id) == (township.pk, community.pk)

    def test_what_lay_exactly_at_an_abolished_district_lies_at_its_successor(self, tree):
        district = bearing("500112")
        office = Department.objects.create(
            division=district, name="渝北城管局", short_name="城管", kind="x"
        )
        make_deadline(district, owner=district)
        change = play_change(SYSTEM, plan=the_change(), at=AT)
        heir = bearing("500157")
        office.refresh_from_db()
        with scope(EVERYWHERE):
            deadline = Deadline.objects.get()
        assert (office.division, office.area) == (heir, heir.path)
        assert (deadline.division, deadline.area) == (heir, heir.path)
        assert (deadline.owner, deadline.owner_area) == (heir, heir.path)
        assert change.details["repointed"] == 3

    def test_a_resident_at_home_in_the_zone_is_at_home_in_the_district(self, tree):
        user = User.objects.create(username="r1")
        with scope(EVERYWHERE):
            Resident.objects.create(
                user=user, phone="19900000001", phone_hash="h", home=bearing("50Z01")
            )
        play_change(SYSTEM, plan=the_change(), at=AT)
        with scope(EVERYWHERE):
            assert Resident.objects.get().home == bearing("500157")

    def test_what_only_grows_keeps_its_division_and_is_read_by_the_successor(self, tree):
        district = bearing("500105")
        with scope(EVERYWHERE):
            StateChange.objects.create(
                division=district, workflow="w", object_id=1, move="m", target="t",
                actor="a", happened_at=AT,
            )  # fmt: skip
        play_change(SYSTEM, plan=the_change(), at=AT)
        heir = bearing("500157")
        with scope([heir.path]):
            kept = StateChange.objects.get()
        assert (kept.division, kept.area) == (district, f"{heir.path}{district.pk}.")

    def test_two_offices_of_one_name_stop_the_change_and_nothing_moves(self, tree):
        for code in ("500105", "500112"):
            Department.objects.create(
                division=bearing(code), name="城市管理局", short_name="城管", kind="x"
            )
        before = fingerprint()
        with pytest.raises(Conflict, match="城市管理局"):
            play_change(SYSTEM, plan=the_change(), at=AT)
        assert fingerprint() == before
        assert set(Department.objects.values_list("division__code", flat=True)) == {
            "500105",
            "500112",
        }

    def test_an_administrator_of_one_district_may_not_play_it(self, tree):
        before = fingerprint()
        with pytest.raises(NotPermitted, match="这里不归您的岗位管"):
            play_change(administrator(bearing("500105").path), plan=the_change(), at=AT)
        assert fingerprint() == before

    def test_a_table_that_does_not_fit_the_tree_is_refused_row_by_row(self, tree):
        Division.objects.filter(codes__code="500105003").update(name="别名街道")
        before = fingerprint()
        with pytest.raises(InvalidInput) as refused:
            play_change(SYSTEM, plan=the_change(), at=AT)
        assert refused.value.fields == {
            "第 4 行": "500105003 在平台里叫“别名街道”，表里是“石马河街道”。"
        }
        assert fingerprint() == before

    def test_the_command_says_what_is_wrong_and_exits(self, tree):
        Division.objects.filter(codes__code="500105003").update(name="别名街道")
        with pytest.raises(CommandError, match="第 4 行：500105003 在平台里叫“别名街道”"):
            call_command("load_divisions")


def make_deadline(division: Division, *, owner: Division) -> None:
    with scope(EVERYWHERE):
        Deadline.objects.create(
            division=division, owner=owner, workflow="w", object_id=1, name="n", label="l",
            starts_at=AT, due_at=AT + timedelta(days=1),
        )  # fmt: skip
