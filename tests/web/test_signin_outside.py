"""渝快办: the whole way to a real provider and back, and every way in which it must fail.

The attacks stand first.
"""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from tests.casework import lamps, pack, places, raised
from tests.conftest import NOON
from tests.offices import make_staff
from tests.standins import provider as standin
from tests.standins.provider import Provider
from tests.web.portal_fixtures import PHONE, resident, town, words
from yukuai.accounts.actions import sign_up
from yukuai.accounts.actions.outside import identity_of
from yukuai.accounts.actors import holders_of, phone_key, user_key
from yukuai.accounts.gateways import register_sender
from yukuai.accounts.gateways.fake import FakeSender
from yukuai.accounts.models import Resident, User
from yukuai.accounts.policy import ANYBODY
from yukuai.audit.models import AuditEntry
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["lamps", "pack", "places", "raised", "resident", "town"]
pytestmark = pytest.mark.django_db
BEGIN, BACK = "/signin/outside/", "/signin/outside/return/"
CLAIMS: dict[str, Any] = {"sub": "u-1", "name": "黎某某"}
PROVED = {"phone_number": f"+86 {PHONE}", "phone_number_verified": True}


@pytest.fixture
def clock():
    """The provider lives in our time: its tokens say when."""
    return


@pytest.fixture(scope="session")
def process():
    with standin.running() as provider:
        yield provider


@pytest.fixture
def provider(process: Provider, settings: Any, places: Any) -> Provider:
    settings.OIDC, settings.SOCIALACCOUNT_PROVIDERS = process.settings, process.apps
    return process


@pytest.fixture
def codes():
    fake = FakeSender()
    before = register_sender(fake)
    yield fake.sent
    register_sender(before)


def go(client: Client, provider: Provider, *, begin: str = BEGIN, **said: Any) -> str:
    """To the provider, which says this, and the path on which it sends the browser back."""
    provider.say(**said)
    answer = client.post(begin)
    assert answer.status_code == 302, words(answer)
    return "/" + provider.consent(answer.headers["Location"])


def sign_in(client: Client, provider: Provider, **said: Any) -> Any:
    return client.get(go(client, provider, **said))


def who(client: Client) -> User | None:
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk) if pk else None


def known(user: User) -> Resident:
    with scope(EVERYWHERE):
        return Resident.objects.get(user=user)


def nobody(client: Client) -> bool:
    return who(client) is None and not SocialAccount.objects.exists()


# Attacks


@pytest.mark.parametrize(
    "claim",
    [
        {"phone_number": PHONE},
        {"phone_number": PHONE, "phone_number_verified": False},
        {"phone_number": PHONE, "phone_number_verified": None},
        {"phone_number": PHONE, "phone_number_verified": "true"},
        {"phone_number": PHONE, "phone_number_verified": 1},
        {"phone_number": PHONE, "phone_number_verified": [True]},
        {"phone": PHONE, "phone_verified": True},
    ],
)
def test_a_telephone_that_nobody_verified_opens_nobody_elses_matters(
    client, provider, resident, raised, claim
):
    victims = raised(phone=PHONE)
    assert sign_in(client, provider, **CLAIMS, **claim).status_code == 302
    attacker = who(client)
    assert attacker is not None
    assert attacker.pk != resident.pk
    assert holders_of(attacker) == [user_key(attacker.pk)]
    assert known(attacker).phone_hash is None
    assert client.get(f"/matters/{victims.number}/").status_code == 404
    assert victims.number not in words(client.get("/matters/"))


FAULTS = [
    "issuer",
    "audience",
    "audiences",
    "expired",
    "future",
    "no-expiry",
    "nonce",
    "no-nonce",
    "none",
    "hs256",
    "rs512",
    "signature",
    "kid",
    "no-kid",
    "userinfo",
    "broken-token",
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_token_with_one_fault_is_refused_on_a_page_with_another_way(client, provider, fault):
    answer = sign_in(client, provider, fault=fault, **CLAIMS, **PROVED)
    assert answer.status_code == 403
    shown = words(answer)
    assert "送回来的登录凭证不对，没有登录" in shown
    assert "用手机号登录" in shown
    assert nobody(client)


@pytest.mark.parametrize("sub", ["", " ", "x" * 300])
def test_a_token_without_a_usable_subject_is_refused(client, provider, sub):
    assert sign_in(client, provider, sub=sub).status_code == 403
    assert nobody(client)


def test_a_state_of_another_browser_or_a_used_one_is_refused(client, provider):
    back = go(client, provider, **CLAIMS)
    stranger = Client()
    answer = stranger.get(back)
    assert answer.status_code == 403
    assert "不是从这台设备开始的" in words(answer)
    assert nobody(stranger)
    assert client.get(back).status_code == 302
    client.post("/signout/")
    assert client.get(back).status_code == 403
    assert who(client) is None


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=x", "?error=server_error"])
def test_a_return_that_nobody_began_is_refused(client, provider, query):
    answer = client.get(BACK + query)
    assert answer.status_code == 403
    assert nobody(client)


def test_a_code_that_was_used_opens_nothing_in_another_sign_in(client, provider):
    first = go(client, provider, **CLAIMS)
    used = parse_qs(urlsplit(first).query)["code"][0]
    assert client.get(first).status_code == 302
    thief = Client()
    second = go(thief, provider, **CLAIMS)
    state = parse_qs(urlsplit(second).query)["state"][0]
    answer = thief.get(f"{BACK}?code={used}&state={state}")
    assert answer.status_code == 403
    assert who(thief) is None


def test_a_stolen_code_is_of_no_use_without_the_verifier_of_its_browser(client, provider):
    victim = Client()
    code = parse_qs(urlsplit(go(victim, provider, **CLAIMS)).query)["code"][0]
    state = parse_qs(urlsplit(go(client, provider, **CLAIMS)).query)["state"][0]
    assert client.get(f"{BACK}?code={code}&state={state}").status_code == 403
    assert nobody(client)


def test_staff_cannot_sign_in_that_way(client, provider):
    officer = make_staff("sq01")
    claims = {**CLAIMS, "sub": "staff"}
    uid = identity_of(
        provider="outside", source="渝快办", subject="staff", claims={}, real_name_claim=""
    ).uid
    SocialAccount.objects.create(user=officer, provider="outside", uid=uid)
    answer = sign_in(client, provider, **claims)
    assert answer.status_code == 403
    assert "工作人员不能这样登录" in words(answer)
    assert who(client) is None
    client.force_login(officer)
    assert client.post(BEGIN).headers["Location"] != provider.url


def test_a_link_cannot_be_made_by_somebody_who_signed_in_meanwhile(client, provider, resident):
    other = sign_up(ANYBODY, phone="19900000418", at=NOON)
    client.force_login(resident)
    back = go(client, provider, begin="/me/outside/", **CLAIMS)
    session = dict(client.session.items())["socialaccount_states"]
    client.force_login(other)
    kept = client.session
    kept["socialaccount_states"] = session
    kept.save()
    assert client.get(back).status_code == 403
    assert not SocialAccount.objects.exists()


def test_a_link_is_begun_by_a_form_of_ours_and_never_by_an_address(provider, resident):
    client = Client(enforce_csrf_checks=True)
    client.force_login(resident)
    assert client.get("/me/outside/").status_code == 405
    assert client.post("/me/outside/").status_code == 403
    assert client.get(BEGIN).status_code == 405
    assert client.post(BEGIN).status_code == 403


@pytest.mark.parametrize("target", ["https://evil.invalid/", "//evil.invalid", "javascript:x"])
def test_nobody_is_led_away_after_signing_in(client, provider, target):
    provider.say(**CLAIMS)
    answer = client.post(BEGIN, {"next": target})
    done = client.get("/" + provider.consent(answer.headers["Location"]))
    assert done.headers["Location"] == "/"


# The whole way


def test_the_first_time_makes_an_account_with_the_verified_telephone(client, provider):
    provider.say(**CLAIMS, **PROVED)
    answer = client.post(BEGIN, {"next": "/me/"})
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "phone"}
    assert asked["redirect_uri"] == ["http://testserver/signin/outside/return/"]
    done = client.get("/" + provider.consent(answer.headers["Location"]))
    assert done.headers["Location"] == "/me/"
    user = who(client)
    assert user is not None
    assert holders_of(user) == [user_key(user.pk), phone_key(PHONE)]
    mine = known(user)
    assert (mine.phone, mine.name, mine.level, mine.level_source) == (PHONE, "黎某某", 2, "")
    shown = words(client.get("/me/"))
    assert "尾号 0417 的手机 · 已填姓名" in shown
    assert "连着渝快办账号" in shown


def test_the_second_time_finds_it_again_by_the_subject_alone(client, provider):
    sign_in(client, provider, **CLAIMS, **PROVED)
    first = who(client)
    client.post("/signout/")
    sign_in(client, provider, sub="u-1")
    assert who(client) == first
    assert User.objects.count() == 1


def test_a_verified_telephone_connects_to_the_resident_who_has_it(
    client, provider, resident, raised
):
    mine = raised(phone=PHONE)
    sign_in(client, provider, **{**CLAIMS, "name": "别的"}, **PROVED)
    assert who(client) == resident
    assert mine.number in words(client.get("/matters/"))
    assert known(resident).name == "黎某某"
    with scope(EVERYWHERE):
        entries = AuditEntry.objects.filter(act="resident.link-outside")
        assert [entry.details for entry in entries] == [{"source": "渝快办"}]


def test_claims_may_come_from_the_userinfo_of_the_same_subject(client, provider):
    only = ["phone_number", "phone_number_verified", "name"]
    sign_in(client, provider, **CLAIMS, **PROVED, only_userinfo=only)
    assert known(who(client)).phone == PHONE


def test_who_is_proved_over_there_is_so_here_and_it_says_by_whom(client, provider, resident):
    sign_in(client, provider, **{**CLAIMS, "name": "黎明"}, **PROVED, real_name_verified=True)
    mine = known(resident)
    assert (mine.name, mine.level, mine.level_source) == ("黎明", 3, "渝快办")
    assert "已实名核验（渝快办）" in words(client.get("/me/"))
    assert client.post("/me/name/", {"name": "黎某"}).status_code == 409


@pytest.mark.parametrize("said", ["true", 1, "L2", {"level": 3}])
def test_a_level_that_is_not_plainly_true_proves_nothing(client, provider, said):
    sign_in(client, provider, **CLAIMS, real_name_verified=said)
    assert known(who(client)).level == 2


def test_what_the_provider_said_is_kept_sealed_or_not_at_all(client, provider):
    sign_in(client, provider, **CLAIMS, **PROVED, idcard="509999190001011234")
    account = SocialAccount.objects.get()
    assert account.extra_data == {}
    assert (len(account.uid), "u-1" in account.uid) == (64, False)
    assert "黎某某" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_without_a_telephone_the_account_works_and_asks_for_one_where_it_is_needed(
    client, provider, town, clock
):
    sign_in(client, provider, sub="u-9")
    shown = words(client.get("/me/"))
    assert "没有绑手机号" in shown
    assert "尾号" not in shown
    assert "办事短信" not in shown
    client.get("/c/509999001001/")
    client.post("/raise/", {"body": "2 单元楼道灯不亮。"})
    page = words(client.get("/raise/where/"))
    assert 'name="phone"' in page
    assert "已知，不用再填" not in page


def test_a_telephone_that_is_verified_later_comes_to_the_account_when_nobody_has_it(
    client, provider
):
    sign_in(client, provider, **CLAIMS)
    user = who(client)
    client.post("/signout/")
    sign_in(client, provider, **CLAIMS, **PROVED)
    assert who(client) == user
    assert holders_of(user) == [user_key(user.pk), phone_key(PHONE)]


def test_a_telephone_of_another_account_stays_there(client, provider, resident):
    sign_in(client, provider, **CLAIMS)
    user = who(client)
    client.post("/signout/")
    sign_in(client, provider, **CLAIMS, **PROVED)
    assert who(client) == user
    assert holders_of(user) == [user_key(user.pk)]


# A telephone whose account is opened by another identity


def test_a_taken_telephone_is_proved_by_a_code_and_the_old_link_ends(
    client, provider, resident, codes
):
    sign_in(Client(), provider, sub="old-owner", **PROVED)
    answer = sign_in(client, provider, sub="new-owner", **PROVED)
    assert answer.headers["Location"].startswith("/signin/")
    assert who(client) is None
    assert "再用短信核对一次" in words(client.get("/signin/"))
    [sent] = codes
    assert sent.phone == PHONE
    client.post("/signin/", {"code": sent.code})
    assert who(client) == resident
    assert SocialAccount.objects.count() == 1
    old = Client()
    sign_in(old, provider, sub="old-owner")
    assert who(old) != resident


def test_a_wrong_code_links_nothing(client, provider, resident, codes):
    sign_in(Client(), provider, sub="old-owner", **PROVED)
    sign_in(client, provider, sub="new-owner", **PROVED)
    wrong = "000000" if codes[0].code != "000000" else "111111"
    assert client.post("/signin/", {"code": wrong}).status_code == 422
    assert who(client) is None
    again = Client()
    sign_in(again, provider, sub="old-owner")
    assert who(again) == resident


def test_a_code_of_another_telephone_is_an_ordinary_sign_in(client, provider, resident, codes):
    sign_in(Client(), provider, sub="old-owner", **PROVED)
    sign_in(client, provider, sub="new-owner", **PROVED)
    client.post("/signin/", {"act": "send", "phone": "19900000418"})
    client.post("/signin/", {"code": codes[-1].code})
    assert known(who(client)).phone == "19900000418"
    assert list(SocialAccount.objects.values_list("user_id", flat=True)) == [resident.pk]


# 我的


def test_whoever_is_signed_in_links_and_unlinks(client, provider, resident):
    client.force_login(resident)
    assert "也用渝快办账号登录" in words(client.get("/me/"))
    done = client.get(go(client, provider, begin="/me/outside/", **CLAIMS))
    assert done.headers["Location"] == "/me/"
    assert SocialAccount.objects.get().user == resident
    asked = words(client.get("/me/outside/end/"))
    assert "断开渝快办账号？" in asked
    assert "请用手机号登录" in asked
    assert SocialAccount.objects.exists()
    assert client.post("/me/outside/end/").headers["Location"] == "/me/"
    assert not SocialAccount.objects.exists()
    client.post("/signout/")
    sign_in(client, provider, **CLAIMS)
    assert who(client) != resident


def test_an_account_without_a_telephone_is_told_what_unlinking_costs(client, provider):
    sign_in(client, provider, **CLAIMS)
    assert "断开以后就进不来了" in words(client.get("/me/outside/end/"))


def test_an_identity_that_opens_another_account_is_not_taken_from_it(client, provider, resident):
    sign_in(Client(), provider, **CLAIMS)
    client.force_login(resident)
    answer = client.get(go(client, provider, begin="/me/outside/", **CLAIMS))
    assert answer.status_code == 409
    assert "连着另一个账户" in words(answer)
    assert SocialAccount.objects.get().user != resident


def test_a_second_identity_waits_until_the_first_is_unlinked(client, provider, resident):
    client.force_login(resident)
    client.get(go(client, provider, begin="/me/outside/", **CLAIMS))
    answer = client.get(go(client, provider, begin="/me/outside/", sub="u-2"))
    assert answer.status_code == 409
    assert SocialAccount.objects.count() == 1


# When it is not there


def test_who_says_no_over_there_is_told_so_kindly(client, provider):
    answer = sign_in(client, provider, fault="denied", **CLAIMS)
    assert answer.status_code == 200
    assert "没有同意，所以没有登录" in words(answer)
    assert nobody(client)


@pytest.mark.parametrize("fault", ["discovery", "plain-http"])
def test_a_provider_that_describes_itself_wrongly_is_not_followed(client, provider, fault):
    provider.say(fault=fault, **CLAIMS)
    answer = client.post(BEGIN)
    assert answer.status_code == 503
    assert "用手机号登录" in words(answer)


def test_when_it_is_down_a_sentence_says_so_with_the_other_ways(client, provider, settings):
    back = go(client, provider, **CLAIMS)
    gone = {**provider.settings, "server": "http://127.0.0.1:9"}
    apps = provider.apps
    apps["openid_connect"]["APPS"][0]["settings"]["server_url"] = gone["server"]
    settings.OIDC, settings.SOCIALACCOUNT_PROVIDERS = gone, apps
    for answer in (client.post(BEGIN), client.get(back)):
        assert answer.status_code == 503
        assert "现在连不上渝快办" in words(answer)
        assert "用手机号登录" in words(answer)
    assert nobody(client)


def test_not_set_up_there_is_no_button_and_no_address_answers(client, resident):
    assert "渝快办账号" not in words(client.get("/signin/"))
    assert client.post(BEGIN).status_code == 404
    assert client.get(BACK).status_code == 404
    client.force_login(resident)
    assert "渝快办" not in words(client.get("/me/"))
    for page in ("/me/outside/", "/me/outside/end/"):
        assert client.post(page).status_code == 404


def test_set_up_the_button_stands_on_the_page_in_both_looks(client, provider):
    for switch in ("standard", "elder"):
        client.get(f"/signin/?mode={switch}")
        shown = words(client.get("/signin/"))
        assert f'data-mode="{switch}"' in shown
        assert "用渝快办账号登录" in shown


def test_it_is_not_tried_without_end(client, provider):
    provider.say(**CLAIMS)
    answers = [client.post(BEGIN).status_code for _ in range(31)]
    assert answers == [302] * 30 + [429]
