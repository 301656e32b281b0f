"""The reader's switches, and the template words that mean something to assistive technology."""

from datetime import datetime

import pytest
from django import forms
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from yukuai.kernel.clock import SHANGHAI
from yukuai.kernel.look import COOKIE, Look, SwitchesMiddleware, look, read_look

NOW = datetime(2026, 11, 23, 10, 20, tzinfo=SHANGHAI)


def visit(url, *, cookie="", method="get", **headers):
    request = getattr(RequestFactory(), method)(url, headers=headers)
    if cookie:
        request.COOKIES[COOKIE] = cookie
    return SwitchesMiddleware(lambda _: HttpResponse("页面"))(request)


def render(source, **context):
    return Template("{% load look %}" + source).render(Context(context))


class MatterForm(forms.Form):
    text = forms.CharField(label="发生了什么", help_text="一句话就行。", widget=forms.Textarea)
    kind = forms.ChoiceField(
        label="哪一类", required=False, widget=forms.RadioSelect, choices=[("a", "坏了\n灯、管道")]
    )
    share = forms.BooleanField(label="合在一起办", required=False)


def test_a_switch_is_remembered_for_a_year_and_taken_out_of_the_address():
    response = visit("/follow/?n=7&mode=elder&text=150")
    assert response.status_code == 303
    assert response["Location"] == "/follow/?n=7"
    cookie = response.cookies[COOKIE]
    assert cookie["max-age"] == 31536000
    assert cookie["httponly"]
    assert cookie.value == "mode=elder&text=150&density=cosy"


def test_one_switch_leaves_the_others_as_they_were():
    response = visit("/?text=200", cookie="mode=elder&density=compact")
    assert response["Location"] == "/"
    assert response.cookies[COOKIE].value == "mode=elder&text=200&density=compact"


@pytest.mark.parametrize("url", ["/?mode=dark", "/work/cases/?text=楼道灯", "/?density="])
def test_a_value_that_is_no_switch_belongs_to_the_page(url):
    assert visit(url).status_code == 200


def test_only_a_page_that_is_read_can_be_switched():
    assert visit("/?mode=elder", method="post").status_code == 200
    assert visit("/api/cases?mode=elder").status_code == 200
    assert visit("/work/?density=compact", **{"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize("path", ["//evil.example/", "///evil.example", "/\\evil.example"])
def test_a_switch_never_leads_to_another_site(path):
    request = RequestFactory().get("/?mode=elder")
    request.path = request.path_info = path
    location = SwitchesMiddleware(lambda _: HttpResponse())(request)["Location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_a_page_says_that_it_depends_on_the_cookie():
    assert "Cookie" in visit("/")["Vary"]


def test_a_spoiled_cookie_is_the_standard_look():
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = "mode=<script>&text=999&surface=work&%%%"
    assert read_look(request) == Look()
    assert look(request)["look"] == Look()


def test_a_wide_window_is_used_only_with_ordinary_text():
    assert Look().desk
    assert not Look(mode="elder").desk
    assert not Look(text="200").desk


def test_a_field_ties_label_help_and_error_to_its_control():
    html = render("{% field form.text %}", form=MatterForm({"text": ""}))
    assert '<label class="field__label" for="id_text">' in html
    assert 'aria-describedby="id_text_error id_text_help"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_text_error"' in html
    assert 'id="id_text_help">一句话就行。' in html


def test_an_optional_field_says_so_and_a_tick_does_not():
    form = MatterForm()
    assert "可以不填" in render("{% field form.kind %}", form=form)
    assert "可以不填" not in render("{% field form.share %}", form=form)
    assert "可以不填" not in render("{% field form.text %}", form=form)


def test_choices_are_a_named_group_with_a_smaller_second_line():
    html = render("{% field form.kind %}", form=MatterForm({"text": "灯", "kind": "zz"}))
    assert 'role="radiogroup" aria-invalid="true"' in html
    assert '<b>坏了</b><span class="meta">灯、管道</span>' in html
    assert html.count("<legend") == 1


def test_what_was_typed_is_escaped_wherever_it_is_shown():
    bad = "<script>alert(1)</script>"
    form = MatterForm({"text": bad, "kind": bad})
    html = render(
        "{% field form.text %}{% field form.kind %}{% chip 'run' words %}", form=form, words=bad
    )
    assert "<script>" not in html


def test_a_state_is_said_by_colour_icon_and_word():
    html = render("{% chip 'late' '超 6 小时' %}")
    assert 'class="chip chip--late"' in html
    assert "#i-stop" in html
    assert "超 6 小时" in html


def test_a_clock_says_what_by_when_and_how_long_left():
    starts, due = (
        datetime(2026, 11, 23, 2, tzinfo=SHANGHAI),
        datetime(2026, 11, 23, 12, tzinfo=SHANGHAI),
    )
    html = render("{% clock starts due now '派单' %}", starts=starts, due=due, now=NOW)
    assert "派单" in html
    assert "今天 12:00 前" in html
    assert "还剩 1 小时 40 分" in html
    assert '<rect class="soon" width="83"' in html


def test_an_icon_is_silent_unless_it_is_named():
    assert 'aria-hidden="true"' in render("{% icon 'phone' %}")
    assert 'role="img" aria-label="已锁"' in render("{% icon 'lock' label='已锁' %}")


def test_a_link_is_current_on_its_page_and_below_it():
    def current(path, url):
        return render("{% current url %}", url=url, request=RequestFactory().get(path))

    assert current("/raise/", "/raise/") == ' aria-current="page"'
    assert current("/raise/where/", "/raise/") == ' aria-current="true"'
    assert current("/raise/", "/") == ""


def test_a_bar_stays_in_its_frame_and_has_no_inline_style():
    html = render(
        "{% bar 130 %}{% bar 3 4 'soon' 1 %}{% spark values '近三周' %}", values=[1, 5, 3]
    )
    assert 'width="100.0"' in html
    assert 'width="75.0"' in html
    assert 'aria-label="近三周"' in html
    assert "style=" not in html
