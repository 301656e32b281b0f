"""Imports: tried and written alike, once, resumable, and taken back."""

from datetime import timedelta

import pytest

from tests.conftest import NOON
from tests.importing import (
    CLERK,
    PEOPLE,
    as_csv,
    bring,
    imported,
    now,
    some,
    tried,
    undone,
    written,
)
from tests.registering import (
    DAY,
    DISTRICT,
    GRID,
    KEEPER,
    NEIGHBOUR,
    POLICE,
    again,
    citizen,
    kept,
    person,
)
from yukuai.audit.models import AuditEntry
from yukuai.divisions.models import Division
from yukuai.kernel.errors import Conflict, DomainError, InvalidInput, NotFound
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.actions import importing
from yukuai.registry.actions.importing_run import begin, write_portion
from yukuai.registry.intake.files import read_table
from yukuai.registry.models import (
    Building,
    Claim,
    Compound,
    Dwelling,
    Entrance,
    Facility,
    Household,
    ImportBatch,
    ImportLine,
    Membership,
    Occupancy,
    Person,
)
from yukuai.registry.queries.importing import list_samples, open_copy, open_table
from yukuai.registry.snapshots import as_json, freeze
from yukuai.registry.states import Stage
from yukuai.registry.tasks.importing import run_import

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes", "media")]
LATER = NOON + timedelta(days=2)
TABLES = (Person, Household, Dwelling, Building, Entrance, Occupancy, Membership, Claim)
HOME = ["1栋", "2单元", "1203", "常住", "H1"]
ROWS = [
    PEOPLE,
    ["水清浅", citizen(1), "19900000401", *HOME, "户主"],
    ["水长流", citizen(2, "20150601"), "", *HOME, "子"],
]


@pytest.fixture
def media(settings, tmp_path):
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


def everything():
    with scope(EVERYWHERE):
        return [as_json(freeze(row)) for model in TABLES for row in model.objects.order_by("pk")]


def only(model, **wanted):
    with scope(EVERYWHERE):
        return model.objects.get(**wanted)


def count(model, **wanted):
    with scope(EVERYWHERE):
        return model.objects.filter(**wanted).count()


def copy_of(batch, *, only_open=False):
    with scope(EVERYWHERE):
        data = open_copy(CLERK, batch=batch, only_open=only_open)
    return [list(row.cells) for row in read_table(data, name=f"x.{batch.form}").rows]


def test_people_come_with_their_homes_and_households():
    batch = imported(ROWS)
    assert batch.stage == Stage.DONE
    assert some(batch.tried) == some(batch.counts) == {"new": 2}
    head = only(Person, name="水清浅")
    home = only(Dwelling)
    assert (home.room, home.floor, home.building_id) == ("1203", 12, only(Building).pk)
    assert home.entrance_id == only(Entrance, name="2单元").pk
    assert count(Occupancy, dwelling=home, living="resident") == 2
    assert only(Membership, relation="02").person_id == head.pk
    assert only(Household).hukou_no == "H1"
    assert head.batch_id == home.batch_id == batch.pk
    assert head.evidence("name").source == "import"
    assert head.initials == "sqq"


def test_a_dry_run_writes_nothing_and_says_what_it_found():
    before = everything()
    rows = [
        *ROWS,
        ["水清浅", citizen(1), "", "", "", "", "", "", ""],
        ["错号", "509999199001010000", "", "", "", "", "", "", ""],
        ["两个户主", citizen(3), "", "1栋", "2单元", "1203", "常住", "H1", "户主"],
        ["住哪里", citizen(4), "", "1栋", "", "", "", "", ""],
        ["怎么住", citizen(5), "", "1栋", "", "301", "租", "", ""],
        ["", citizen(6), "", "", "", "", "", "", ""],
        ["=1+1", "", "", "", "", "", "", "", ""],
    ]
    batch = tried(bring(rows))
    assert batch.stage == Stage.CHECKED
    assert everything() == before
    assert some(batch.tried) == {"new": 3, "twice": 1, "wrong": 5}
    copy = copy_of(batch)
    assert copy[0] == [*PEOPLE, "结果", "说明"]
    assert [row[9] for row in copy[1:]] == [
        "新增",
        "新增",
        "文件里重复",
        *["有错"] * 5,
        "新增",
    ]
    said = [row[10] if len(row) > 10 else "" for row in copy[1:]]
    assert said[2] == "和第 2 行是同一个人，只算一次。"
    assert "校验" in said[3]
    assert "已经有户主" in said[4]
    assert "没有写房号" in said[5]
    assert "居住情况没有“租”这一项" in said[6]
    assert said[7] == "姓名：请填写姓名。"
    assert len(copy_of(batch, only_open=True)) == 7


def test_the_run_does_what_the_dry_run_said():
    rows = [*ROWS, ["两个户主", citizen(3), "", *HOME, "户主"], ["只有名字"] + [""] * 8]
    batch = imported(rows)
    assert batch.tried == batch.counts
    assert count(Person) == 3


def test_the_same_file_again_changes_nothing():
    rows = [*ROWS, ["只有名字"] + [""] * 8]
    imported(rows)
    before = everything()
    batch = tried(bring(rows))
    assert some(batch.tried) == {"same": 3}
    with pytest.raises(Conflict, match="没有可以导入"):
        importing.start_import(CLERK, batch_id=batch.pk, at=NOON)
    assert everything() == before


def test_a_corrected_file_brings_what_was_missing():
    bad = [*ROWS, ["错号", "509999199001010000"] + [""] * 7]
    imported(bad)
    batch = imported([*ROWS, ["错号", citizen(9)] + [""] * 7])
    assert some(batch.counts) == {"same": 2, "new": 1}


def test_what_is_there_is_weighed_as_a_form_would_be():
    row = person("水清浅", id_no=citizen(1), work="一厂", said=POLICE)
    head = ["姓名", "证件号码", "工作单位", "学历"]
    batch = imported([head, ["水清浅", citizen(1), "二厂", "大学本科"]])
    assert some(batch.counts) == {"updated": 1}
    shown = again(row)
    assert shown.work == "一厂"
    assert shown.education
    with scope(EVERYWHERE):
        assert [(c.field, c.value) for c in Claim.objects.all()] == [("work", "二厂")]


def test_who_may_be_somebody_already_there_waits_for_a_person():
    person("水清浅", birth_date="1990-01-01", sex="2")
    rows = [["姓名", "出生日期", "性别"], ["水清浅", "1990-01-01", "女"]]
    batch = tried(bring(rows))
    assert some(batch.tried) == {"doubt": 1}
    batch = tried(batch_again(batch), adds_doubtful=True)
    assert some(batch.tried) == {"new": 1}
    assert some(written(batch).counts) == {"new": 1}


def batch_again(batch):
    importing.change_columns(CLERK, batch_id=batch.pk, at=NOON)
    return now(batch)


def test_a_killed_worker_goes_on_where_it_stopped():
    people = [[f"水{n}", citizen(n), "", *HOME[:4], f"H{n}", "户主"] for n in range(1, 31)]
    batch = tried(bring([PEOPLE, *people]))
    importing.start_import(CLERK, batch_id=batch.pk, at=NOON)
    one, judge = begin(CLERK, batch_id=batch.pk, stage=Stage.RUNNING, at=NOON)
    with scope(EVERYWHERE):
        table = open_table(CLERK, batch=one)
    portion = {"batch_id": batch.pk, "judge": judge, "rows": table.rows[1:11], "at": NOON}
    write_portion(CLERK, **portion, upto=0)
    with pytest.raises(Conflict, match="另一个后台"):
        write_portion(CLERK, **portion, upto=0)
    assert count(Person) == 10
    run_import(CLERK, batch.pk, NOON)
    assert some(now(batch).counts) == {"new": 30}
    assert count(Person) == count(ImportLine) == 30
    assert count(Household) == 30
    assert count(Dwelling) == 1


def test_an_import_is_taken_back_bit_for_bit():
    known = person("水清浅", id_no=citizen(1), work="一厂", said=POLICE)
    home = kept("building", name="1栋")
    before = everything()
    head = [*PEOPLE, "工作单位", "学历"]
    rows = [[*ROWS[1], "二厂", "大学本科"], [*ROWS[2], "", ""]]
    batch = imported([head, *rows], at=LATER)
    assert some(batch.counts) == {"updated": 1, "new": 1}
    batch = undone(batch, at=LATER)
    assert batch.stage == Stage.UNDONE
    assert batch.left == []
    assert everything() == before
    assert again(known).work == "一厂"
    assert again(home).pk


def test_what_somebody_changed_since_stays_and_is_listed():
    batch = imported(ROWS)
    head = only(Person, name="水清浅")
    actions.amend(
        CLERK,
        kind="person",
        subject_id=head.pk,
        values={"work": "一厂"},
        said=POLICE,
        at=LATER,
    )
    batch = undone(batch, at=LATER)
    assert batch.left == [[2, "导入以后又改过"]]
    with scope(EVERYWHERE):
        assert [row.name for row in Person.objects.all()] == ["水清浅"]
    assert count(Dwelling) == count(Household) == 1


def test_a_person_reads_that_he_was_imported_and_taken_out():
    batch = imported(ROWS)
    head = only(Person, name="水清浅")
    undone(batch)
    with scope(EVERYWHERE):
        entries = AuditEntry.objects.filter(holders__contains=head.holders).order_by("pk")
        assert [one.act for one in entries] == ["person.import", "person.import-undone"]
        acts = AuditEntry.objects.filter(target=batch.target).order_by("pk")
        assert [one.act for one in acts] == [
            "import.bring",
            "import.start",
            "import.done",
            "import.take-back",
            "import.undone",
        ]


def test_other_things_are_imported_too():
    homes = [["楼栋", "小区", "单元", "房号", "产权人"], ["3栋", "", "1单元", "502", "水清浅"]]
    batch = imported(homes, kind="dwelling")
    assert some(batch.counts) == {"new": 1}
    assert (only(Dwelling).floor, only(Dwelling).owner_name) == (5, "水清浅")
    assert some(tried(bring(homes, kind="dwelling")).tried) == {"same": 1}
    places = [["设施名称", "类别", "无障碍"], ["便民中心", "service", "是"], ["没有类别", "", ""]]
    batch = imported(places, kind="facility")
    assert some(batch.counts) == {"new": 1, "wrong": 1}
    assert undone(batch).left == []
    assert count(Facility) == 0


def test_columns_are_guessed_and_remembered():
    rows = [["西城社区人员表"], ["姓  名", "身份证号码", "备注"], ["水清浅", citizen(1), "x"]]
    batch = bring(rows)
    assert (batch.head, batch.lines) == (1, 1)
    assert batch.columns == ["name", "id_no", ""]
    tried(batch, columns=["name", "id_no", "work"])
    assert bring(rows).columns == ["name", "id_no", "work"]
    assert bring(rows, actor=replaced(NEIGHBOUR), division_id=113).columns[2] == ""


def replaced(actor):
    from dataclasses import replace

    return replace(actor, post_id=8)


def test_samples_mask_what_is_sealed():
    batch = bring([["姓名", "身份证号", "出生日期", "秘密"], ["水清浅", citizen(1), "昨天", "x"]])
    with scope(EVERYWHERE):
        table = open_table(CLERK, batch=batch)
        samples = list_samples(CLERK, batch=batch, table=table, today=NOON.date())
    assert [one.cells[0] for one in samples] == [
        ("水清浅", True),
        (f"••••{citizen(1)[-2:]}", True),
        ("昨天", False),
        ("已登记", True),
    ]


@pytest.mark.parametrize("actor", [GRID, DISTRICT, NEIGHBOUR])
def test_nobody_else_imports_here(actor):
    with pytest.raises(DomainError):
        bring(ROWS, actor=replaced(actor))
    batch = bring(ROWS)
    for act in (importing.start_import, importing.take_back, importing.drop_import):
        with pytest.raises(NotFound):
            act(replaced(actor), batch_id=batch.pk, at=NOON)
    assert count(ImportBatch) == 1


def test_what_cannot_be_read_leaves_nothing_behind(tmp_path):
    for data, name in ((b"", "x.csv"), (as_csv([PEOPLE]), "x.csv"), (b"PK\x03\x04", "x.xlsx")):
        with pytest.raises(InvalidInput):
            bring(data, name=name)
    assert count(ImportBatch) == 0
    assert not list(tmp_path.rglob("*.sealed"))


def test_the_stored_file_is_sealed_and_goes_after_some_days(tmp_path):
    batch = imported(ROWS)
    files = list(tmp_path.rglob("*.sealed"))
    assert len(files) == 2
    assert all("水清浅".encode() not in path.read_bytes() for path in files)
    assert importing.sweep_imports(everybody(), at=NOON + timedelta(days=6)) == 0
    assert importing.sweep_imports(everybody(), at=NOON + timedelta(days=8)) == 2
    with pytest.raises(NotFound):
        copy_of(now(batch))
    assert undone(batch).stage == Stage.UNDONE


def everybody():
    from yukuai.accounts.policy import SYSTEM

    return SYSTEM


COMPOUNDS = ["小区名称", "物业公司", "有业委会", "建成年份", "规划户数"]


@pytest.fixture
def gardens(places):
    for pk, name in ((700, "桂花苑"), (701, "黄葛苑")):
        Division.objects.create(
            id=pk, parent=places[112], kind="compound", name=name, code=f"Z{pk}",
            path=f"1.2.12.112.{pk}.", valid_from=DAY,
        )  # fmt: skip


def compounds():
    with scope(EVERYWHERE):
        rows = Compound.objects.order_by("division_id")
        return list(rows.values_list("division_id", "area", "property_company", "homes"))


def test_facts_about_compounds_are_imported_amended_and_taken_back(gardens):
    batch = imported(
        [
            COMPOUNDS,
            ["桂花苑", "甲物业", "是", "2001", "300"],
            ["没有苑", "甲物业", "", "", ""],
            ["", "乙物业", "", "", ""],
            ["桂花苑", "乙物业", "", "", ""],
            ["黄葛苑", "乙物业", "也许", "", ""],
        ],
        kind="compound",
    )
    assert some(batch.counts) == {"new": 1, "wrong": 3, "twice": 1}
    own = [(700, "1.2.12.112.700.", "甲物业", 300)]
    assert compounds() == own
    again_ = imported(
        [COMPOUNDS[:2], ["桂花苑", "丙物业"], ["黄葛苑", "乙物业"]],
        kind="compound",
        source="window",
    )
    assert some(again_.counts) == {"new": 1, "updated": 1}
    assert [company for *_, company, _homes in compounds()] == ["丙物业", "乙物业"]
    same = tried(bring([COMPOUNDS[:2], ["黄葛苑", "乙物业"]], kind="compound"))
    assert some(same.tried) == {"same": 1}
    undone(again_)
    assert compounds() == own


def test_a_compound_whose_record_has_ended_is_not_registered_again(gardens):
    batch = imported([COMPOUNDS[:2], ["桂花苑", "甲物业"]], kind="compound")
    with scope(EVERYWHERE):
        row = Compound.objects.get()
    actions.end_record(KEEPER, kind="compound", subject_id=row.pk, why="gone", on=DAY, at=NOON)
    later = tried(bring([COMPOUNDS[:2], ["桂花苑", "乙物业"]], kind="compound"))
    assert some(later.tried) == {"wrong": 1}
    assert some(batch.counts) == {"new": 1}


def test_the_compound_must_be_named_by_a_column(gardens):
    batch = bring([["物业公司"], ["甲物业"]], kind="compound")
    with pytest.raises(InvalidInput, match="小区"):
        tried(batch)
