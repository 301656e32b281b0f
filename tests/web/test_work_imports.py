"""批量导入 and 可能重复的人 over HTTP, without scripts: each step a page."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.casework import enforcement, pack, places
from tests.importing import PEOPLE, as_csv, now, some
from tests.registering import citizen, codes, person
from tests.web.desks import at_most, at_noon, desk
from yukuai.audit.models import AuditEntry
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry.models import ImportBatch, Merge, NotSame, Person
from yukuai.registry.tasks.importing import work_on_import

__all__ = ["at_noon", "codes", "desk", "enforcement", "pack", "places"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("codes")]
LIST, NEW = "/work/registry/imports/", "/work/registry/imports/new/"
DUPLICATES = "/work/registry/duplicates/"
ROWS = [
    PEOPLE,
    ["水清浅", citizen(1), "19900000401", "1栋", "", "301", "常住", "H1", "户主"],
    ["错号", "509999199001010000", "", "", "", "", "", "", ""],
]


def upload(client, rows=ROWS, *, name="名单.csv", kind="person"):
    file = SimpleUploadedFile(name, as_csv(rows) if isinstance(rows, list) else rows)
    return client.post(NEW, {"file": file, "kind": kind})


def the_batch():
    with scope(EVERYWHERE):
        return ImportBatch.objects.get()


def columns_of(batch, **change):
    said = {f"c{place}": key for place, key in enumerate(batch.columns)}
    return {**said, "source": "import", "collected_on": "2026-03-01", "living": "", **change}


def worked(client, batch, path, form=None):
    answer = client.post(f"{LIST}{batch.pk}/{path}", form or {})
    assert answer.headers["Location"] == f"{LIST}{batch.pk}/", answer.content.decode()
    assert "刷新看进度" in client.get(f"{LIST}{batch.pk}/").content.decode()
    work_on_import.func(batch.pk)
    return client.get(f"{LIST}{batch.pk}/").content.decode()


def test_a_file_becomes_people_and_is_taken_back(desk):
    clerk = desk("clerk")
    assert "还没有导入过" in clerk.get(LIST).content.decode()
    answer = upload(clerk)
    batch = the_batch()
    assert answer["Location"] == f"{LIST}{batch.pk}/columns/"
    page = clerk.get(answer["Location"]).content.decode()
    assert citizen(1) not in page
    assert "19900000401" not in page
    assert f"••••{citizen(1)[-2:]}" in page
    assert "读不懂" not in page
    page = worked(clerk, batch, "columns/", columns_of(batch))
    assert "导入 1 行" in page
    assert "下载要改的 1 行" in page
    with scope(EVERYWHERE):
        assert not Person.objects.exists()
    copy = clerk.get(f"{LIST}{batch.pk}/errors/")
    text = copy.content.decode("utf-8-sig")
    assert text.splitlines()[0].endswith("结果,说明")
    assert "有错" in text
    assert "水清浅" not in text
    assert "no-store" in copy["Cache-Control"]
    assert "水清浅" in clerk.get(f"{LIST}{batch.pk}/copy/").content.decode("utf-8-sig")
    page = worked(clerk, batch, "start/")
    assert "撤销这次导入" in page
    assert batch.sm3 in page
    assert some(now(batch).counts) == {"new": 1, "wrong": 1}
    assert "导入前的样子" in clerk.get(f"{LIST}{batch.pk}/undo/").content.decode()
    page = worked(clerk, batch, "undo/")
    assert "已撤销" in page
    with scope(EVERYWHERE):
        assert not Person.objects.exists()
        taken = AuditEntry.objects.filter(act="import.take-copy")
        assert taken.count() == 2
    assert "名单.csv" in clerk.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("rows", "name", "said"),
    [
        (b"", "x.csv", "文件是空的"),
        (b"PK\x03\x04", "x.xlsx", "打不开"),
        (b"%PDF", "x.pdf", "只收 Excel"),
        ([["姓名"]], "x.csv", "没有数据"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(desk, rows, name, said):
    answer = upload(desk("clerk"), rows, name=name)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with scope(EVERYWHERE):
        assert not ImportBatch.objects.exists()


def test_columns_that_cannot_work_are_shown_again(desk):
    clerk = desk("clerk")
    upload(clerk)
    batch = the_batch()
    for change, said in (
        ({"c0": ""}, "要有一栏对应“姓名”"),
        ({"c1": "name"}, "有两栏都对应“姓名”"),
        ({"source": ""}, "选一个"),
        ({"collected_on": "2099-01-01"}, "采集日期不能晚于今天"),
        ({"c0": "evil"}, "选一个"),
    ):
        answer = clerk.post(f"{LIST}{batch.pk}/columns/", columns_of(batch, **change))
        assert answer.status_code == 422, said
        assert said in answer.content.decode()
    assert now(batch).stage == "mapping"


def test_what_is_not_wanted_is_dropped(desk):
    clerk = desk("clerk")
    upload(clerk)
    batch = the_batch()
    assert "文件马上删除" in clerk.get(f"{LIST}{batch.pk}/drop/").content.decode()
    clerk.post(f"{LIST}{batch.pk}/drop/")
    page = clerk.get(f"{LIST}{batch.pk}/").content.decode()
    assert "没有导入" in page
    assert "已经删除" in page
    assert clerk.get(f"{LIST}{batch.pk}/columns/").status_code == 409
    assert clerk.post(f"{LIST}{batch.pk}/start/").status_code == 409


def test_an_import_is_nobody_elses_business(desk):
    upload(desk("clerk"))
    batch = the_batch()
    neighbour = desk("neighbour")
    for path in ("", "columns/", "drop/", "undo/", "copy/", "errors/"):
        assert neighbour.get(f"{LIST}{batch.pk}/{path}").status_code == 404, path
    for path in ("columns/", "start/", "go-on/", "drop/", "undo/"):
        assert neighbour.post(f"{LIST}{batch.pk}/{path}").status_code == 404, path
    for who in ("town", "grid", "district"):
        assert desk(who).get(LIST).status_code == 403


def test_a_worker_whose_officer_has_gone_says_so(desk):
    clerk = desk("clerk")
    upload(clerk)
    batch = the_batch()
    clerk.post(f"{LIST}{batch.pk}/columns/", columns_of(batch))
    with scope(EVERYWHERE):
        ImportBatch.objects.update(post_id=987654)
    work_on_import.func(batch.pk)
    page = clerk.get(f"{LIST}{batch.pk}/").content.decode()
    assert "岗位有变动" in page
    assert "改栏目，再核对" in page


def test_a_list_of_imports_asks_little(desk):
    clerk = desk("clerk")
    for _ in range(5):
        upload(clerk)
    clerk.get(LIST)
    with at_most(10):
        clerk.get(LIST)


def test_two_records_are_compared_merged_and_parted(desk):
    clerk = desk("clerk")
    assert "没有可能重复的人" in clerk.get(DUPLICATES).content.decode()
    born = {"birth_date": "1990-01-01", "sex": "2"}
    one = person(**born, phone="19900000417")
    other = person(**born, work="一厂")
    url = f"{DUPLICATES}{one.pk}/{other.pk}/"
    assert url in clerk.get(DUPLICATES).content.decode()
    page = clerk.get(url).content.decode()
    assert "••••0417" in page
    assert "19900000417" not in page
    refused = clerk.post(url, {"kept": one.pk})
    assert refused.status_code == 422
    assert clerk.post(url, {"kept": "0", "reason": "同一本户口簿"}).status_code == 422
    done = clerk.post(url, {"kept": other.pk, "reason": "同一本户口簿"})
    assert done["Location"] == "/work/registry/merges/"
    with scope(EVERYWHERE):
        merge = Merge.objects.get()
        assert (merge.kept_id, merge.gone_id) == (other.pk, one.pk)
    page = clerk.get("/work/registry/merges/").content.decode()
    undo = re.search(r"/work/registry/merges/\d+/undo/", page)[0]
    assert "合并以前的样子" in clerk.get(undo).content.decode()
    clerk.post(undo)
    assert "已分开" in clerk.get("/work/registry/merges/").content.decode()
    clerk.post(undo)
    assert "已经撤销过" in clerk.get("/work/registry/merges/").content.decode()
    clerk.post(f"{url}two/")
    assert "没有可能重复的人" in clerk.get(DUPLICATES).content.decode()
    with scope(EVERYWHERE):
        assert NotSame.objects.get().said_by.startswith("王小满")


def test_nobody_else_compares(desk):
    one, other = (person(birth_date="1990-01-01", sex="2") for _ in range(2))
    url = f"{DUPLICATES}{one.pk}/{other.pk}/"
    assert desk("neighbour").get(url).status_code == 404
    assert desk("neighbour").post(f"{url}two/").status_code == 404
    assert desk("town").get(DUPLICATES).status_code == 403
