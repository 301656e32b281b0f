"""kill -9, of everything, while matters come in: nothing acknowledged is lost, nothing is twice."""

import json
import os
import signal
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from threading import Event, Lock
from time import monotonic

from tests.faults.installation import Installation, wait_for
from yukuai.accounts.actors import client_key_hash

MATTERS = int(os.environ.get("FAULT_MATTERS", "1000"))
KEY = "a-key-for-the-faults"
PHONE, NAME = "19900008{:03d}", "测试居民"
HOME = "500103011014"


class Client:
    """Posts each matter until it is acknowledged, as the interface's description asks."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.numbers: dict[int, str] = {}
        self.refused = 0
        self.again = 0
        self._lock = Lock()

    def hand_in(self, which: int) -> None:
        body = {
            "division_code": HOME,
            "body": f"第 {which} 盏路灯不亮。",
            "name": NAME,
            "phone": PHONE.format(which % 1000),
        }
        request = urllib.request.Request(
            f"{self.url}/api/v1/cases",
            json.dumps(body).encode(),
            {
                "Authorization": f"Bearer {KEY}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"fault-{which:06d}",
            },
        )
        while which not in self.numbers:
            self._try(request, which)

    def _try(self, request: urllib.request.Request, which: int) -> None:
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                told = json.load(answer)
                with self._lock:
                    self.numbers[which] = told["number"]
                    self.again += answer.status == 200
        except urllib.error.HTTPError as error:
            if error.code < 500:
                raise
            self._wait()
        except (OSError, ValueError, HTTPException):  # the last: killed in the middle of its answer
            self._wait()

    def _wait(self) -> None:
        with self._lock:
            self.refused += 1
        Event().wait(0.1)

    def has(self, share: float) -> bool:
        return len(self.numbers) >= MATTERS * share


def admit(site: Installation) -> None:
    """The client, and no night: texts go out whenever this runs."""
    site.execute(
        "INSERT INTO accounts_apiclient (name, purpose, key_hash, may_write, fields, valid_from,"
        " created_by, per_minute, division_id, area) SELECT 'faults', 'tests', %(key)s, true, '{}',"
        " now() - interval '1 day', 'test', 1000000, d.id, d.path FROM divisions_division d"
        " JOIN divisions_divisioncode c ON c.division_id = d.id WHERE c.code = %(home)s LIMIT 1",
        key=client_key_hash(KEY),
        home=HOME,
    )
    site.execute(
        "UPDATE workflow_rulepack SET params = jsonb_set(jsonb_set(params,"
        " '{limits,quiet_from,value}', '\"03:00\"'), '{limits,quiet_until,value}', '\"03:01\"')"
        " WHERE code = 'message-2026'"
    )


def hurt(site: Installation, client: Client) -> list[str]:
    """Returns what was killed."""
    assert site.web is not None
    assert site.worker is not None
    wait_for(lambda: client.has(0.1), "a tenth is in")
    os.kill(site.web.children()[0], signal.SIGKILL)
    wait_for(lambda: client.has(0.3), "three tenths are in")
    site.web.kill()
    wait_for(lambda: client.has(0.5), "half is in")
    wait_for(lambda: killed_at_work(site), "the worker is in the middle of something")
    wait_for(lambda: client.has(0.7), "seven tenths are in")
    os.kill(site.postmaster(), signal.SIGKILL)
    site.cluster("start")
    return ["a web process", "the web master", "the worker", "PostgreSQL"]


def killed_at_work(site: Installation) -> bool:
    """Held still while it is looked at: a job takes less time than a look."""
    assert site.worker is not None
    pid = site.worker.process.pid
    os.kill(pid, signal.SIGSTOP)
    if at_work := bool(site.one(BUSY)):
        site.worker.kill()
    else:
        os.kill(pid, signal.SIGCONT)
    return at_work


BUSY = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
LEFT = """
    SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
    AND (task_name LIKE 'yukuai.flows.%%' OR task_name = 'yukuai.messaging.tasks.deliver')
"""
EACH_CASE = """
    SELECT count(*), count(DISTINCT number), count(DISTINCT client_uuid) FROM cases_case
"""
LOGGED = """
    SELECT lines, count(*) FROM (
        SELECT c.id, count(s.id) AS lines FROM cases_case c LEFT JOIN workflow_statechange s
        ON s.workflow = 'case' AND s.object_id = c.id AND s.source = '' GROUP BY c.id
    ) AS each GROUP BY 1
"""
CLOCKS = """
    SELECT running, count(*) FROM (
        SELECT c.id, count(d.id) AS running FROM cases_case c LEFT JOIN workflow_deadline d
        ON d.workflow = 'case' AND d.object_id = c.id GROUP BY c.id
    ) AS each GROUP BY 1
"""
AUDITED = """
    SELECT entries, count(*) FROM (
        SELECT c.id, count(a.id) AS entries FROM cases_case c LEFT JOIN audit_auditentry a
        ON a.target = c.number AND a.act LIKE 'case.%%' GROUP BY c.id
    ) AS each GROUP BY 1
"""
INBOX = """
    SELECT messages, count(*) FROM (
        SELECT c.id, count(m.id) AS messages FROM cases_case c LEFT JOIN messaging_message m
        ON m.subject = 'case' AND m.object_id = c.id AND m.kind = 'desk-arrived' GROUP BY c.id
    ) AS each GROUP BY 1
"""
TEXTS = """
    SELECT arrived, count(*) FROM (
        SELECT c.id, count(s.id) AS arrived FROM cases_case c
        LEFT JOIN messaging_delivery d ON d.template = 'case-received' AND d.number = c.number
        LEFT JOIN messaging_developmentsms s ON s.reference = d.reference GROUP BY c.id
    ) AS each GROUP BY 1
"""
LEASE_IS_OVER = """
    UPDATE messaging_delivery SET next_try_at = now() WHERE state = 'queued'
"""
"""What a killed worker had in hand goes out again after some minutes: as if they were over."""
SEAL = (
    "from yukuai.audit.sealing import seal; from yukuai.kernel import clock\n"
    "while seal(at=clock.now()): pass"
)


def test_nothing_acknowledged_is_lost_and_nothing_is_twice(installation, say):
    site, client, begun = installation, Client(installation.url), monotonic()
    admit(site)
    site.serve()
    with ThreadPoolExecutor(9) as hands:
        hurting = hands.submit(hurt, site, client)
        list(hands.map(client.hand_in, range(MATTERS)))
        hurting.result()
    wait_for(lambda: site.one(LEFT) == 0, "every job is done")
    assert client.refused > 0  # it did hurt
    assert site.web.starts >= 2
    assert site.worker.starts >= 2
    assert site.rows(EACH_CASE) == [(MATTERS, MATTERS, MATTERS)]
    numbers = {number for (number,) in site.rows("SELECT number FROM cases_case")}
    assert numbers == set(client.numbers.values())
    assert site.rows(LOGGED) == [(1, MATTERS)]
    assert site.rows(CLOCKS) == [(1, MATTERS)]
    assert site.rows(AUDITED) == [(1, MATTERS)]
    [(desks, matters)] = site.rows(INBOX)
    assert (desks >= 1, matters) == (True, MATTERS)
    site.execute(LEASE_IS_OVER)
    wait_for(lambda: site.rows(TEXTS) == [(1, MATTERS)], "each text arrived once")
    revived = site.one("SELECT count(*) FROM procrastinate_jobs WHERE attempts > 1")
    assert revived > 0
    site.manage("shell", "-c", SEAL)
    assert "intact" in site.manage("verify_audit")
    assert site.one("SELECT count(*) FROM audit_auditseal") > 0
    said = site.logs()
    assert '"job":' in said
    assert '"request":' in said
    assert NAME not in said
    assert "1990000" not in said
    say(
        acknowledged=len(client.numbers),
        receipts_given_again=client.again,
        tries_in_vain=client.refused,
        killed=hurting.result(),
        texts_arrived=MATTERS,
        messages_for_desks=desks * matters,
        jobs_revived=revived,
        seconds=round(monotonic() - begun, 1),
    )
