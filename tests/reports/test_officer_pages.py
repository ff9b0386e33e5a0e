"""Đôn đốc, gia hạn và miễn, nhập thay: what an officer types is kept, refusals say why."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from doanportal import clock
from plans.models import Contact, Obligation
from plans.obligations import waive
from reports.drafts import open_draft
from reports.forms_officer import positive
from reports.models import Version
from reports.submit import SubmitError, submit
from tests.factories.plans import local
from tests.factories.reports import WORDS, fill_monthly, hand_in, obligation_of, photo_upload
from tests.factories.units import make_department, make_member, make_post
from units.models import Role, Unit

pytestmark = pytest.mark.django_db
FOLLOW_UP_QUERIES, ADJUST_QUERIES = 9, 7
BACKEND = "units.accounts.EmailOrPhoneBackend"


@pytest.fixture
def secretary(published_plan):
    return make_member(Unit.objects.get(code="692"), phone="0911222333", full_name="Trần Thị Bí Thư")


@pytest.fixture
def officer(published_plan):
    return make_member(make_department(), Role.OFFICER)


@pytest.fixture
def page(client, officer, at):
    at("2023-03-28T10:00")
    client.force_login(officer, backend=BACKEND)
    return client


def html(response, status=200):
    assert response.status_code == status
    return response.content.decode()


# Đôn đốc


def test_follow_up_begins_with_the_form_whose_due_time_is_nearest(page):
    assert page.get(reverse("follow_up")).context["call"].key == "monthly_report.2023-03"


def test_follow_up_names_all_who_owe_in_the_text_and_in_the_list(page, secretary):
    hand_in("689", "2023-03", {}, by=secretary, at=local(2023, 3, 25))
    text = html(page.get(reverse("follow_up"), {"viec": "monthly_report.2023-03", "cum": ""}))
    assert "gửi báo cáo tháng 3 (hạn 25/3, tính đến hết ngày 27/3, đã quá hạn)" in text
    assert "Đến 10 giờ 00 ngày 28/3 còn: Bình Long" in text
    assert "Đồng Xoài" not in text
    assert "0911222333" in text


def test_follow_up_offers_the_ways_of_contact_in_the_form_of_each_unit(page):
    text = html(page.get(reverse("follow_up"), {"viec": "monthly_report.2023-03", "cum": ""}))
    assert text.count('<option value="phone"') == text.count('name="promised_on"') > 1


def test_follow_up_of_a_department_hides_phones_of_units_of_others(client, secretary, at):
    at("2023-03-28T10:00")
    client.force_login(make_member(make_department("BTG-TTNTH"), Role.OFFICER), backend=BACKEND)
    text = html(client.get(reverse("follow_up"), {"viec": "monthly_report.2023-03", "cum": ""}))
    assert "Trần Thị Bí Thư" in text
    assert "0911222333" not in text


@pytest.mark.parametrize("query", [{"viec": "\x00"}, {"viec": "a.b", "cum": "x"}, {"cum": "99999999999"}])
def test_follow_up_takes_any_address(page, query):
    assert page.get(reverse("follow_up"), query).status_code == 200


@pytest.mark.parametrize("missing", [1, 14])
def test_follow_up_asks_the_database_the_same_whoever_owes(
    page, secretary, missing, django_assert_num_queries
):
    rest = Obligation.objects.filter(period_key="2023-03").order_by("pk").values_list("pk", flat=True)
    Obligation.objects.filter(pk__in=list(rest[missing:])).update(
        first_fulfilled_at=local(2023, 3, 20), last_fulfilled_at=local(2023, 3, 20)
    )
    page.get(reverse("follow_up"))
    with django_assert_num_queries(FOLLOW_UP_QUERIES):
        response = page.get(reverse("follow_up"), {"viec": "monthly_report.2023-03"})
    assert response.context["missing"] == missing


def test_call_is_logged_and_shown_with_its_promise(page):
    obligation = obligation_of("692")
    back = f"{reverse('follow_up')}?viec=monthly_report.2023-03"
    response = page.post(
        reverse("contact_log", args=[obligation.pk]),
        {"channel": "phone", "note": "đang ký", "promised_on": "29/3/2023", "ve": back},
    )
    assert response.url == back
    assert Contact.objects.get().promised_on == date(2023, 3, 29)
    assert "đã gọi 28/3, hẹn 29/3" in html(page.get(back))


@pytest.mark.parametrize("back", ["https://xau.example/", "//xau.example", "javascript:alert(1)", ""])
def test_call_never_leads_out_of_the_portal(page, back):
    obligation = obligation_of("692")
    response = page.post(reverse("contact_log", args=[obligation.pk]), {"channel": "zalo", "ve": back})
    assert response.url == reverse("review_detail", args=[obligation.pk])


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"promised_on": "31/2/2023"}, "Không có ngày 31/2/2023"),
        ({"promised_on": "27/3/2023"}, "từ hôm nay trở đi"),
        ({"channel": "fax"}, "Hãy chọn cách liên hệ"),
    ],
)
def test_call_with_a_mistake_keeps_the_words(page, typed, message):
    obligation = obligation_of("692")
    response = page.post(
        reverse("contact_log", args=[obligation.pk]), {"channel": "phone", "note": "đang ký"} | typed
    )
    text = html(response, 422)
    assert message in text and 'value="đang ký"' in text
    assert not Contact.objects.exists()


def test_call_about_a_unit_of_another_department_is_refused(client, secretary, at):
    at("2023-03-28T10:00")
    client.force_login(make_member(make_department("BTG-TTNTH"), Role.OFFICER), backend=BACKEND)
    obligation = obligation_of("692")
    response = client.post(reverse("contact_log", args=[obligation.pk]), {"channel": "phone"}, follow=True)
    assert "Ban chuyên môn phụ trách đơn vị" in html(response)
    assert not Contact.objects.exists()


# Gia hạn, miễn


def adjust(page, **typed):
    address = reverse("period_adjust", args=["monthly_report", "2023-03"])
    return page.post(address, {"act": "mien", "reason": "mới thành lập", "step": "preview"} | typed)


def test_adjust_previews_whom_it_touches_and_changes_nothing(page, secretary):
    sent = hand_in("689", "2023-03", {}, by=secretary, at=local(2023, 3, 25)).report.obligation
    still_open = obligation_of("692")
    response = adjust(page, units=[sent.pk, still_open.pk])
    text = html(response)
    assert response.context["changing"] == 1
    assert "đã gửi, giữ nguyên" in text and "Xác nhận với 1 đơn vị" in text
    still_open.refresh_from_db()
    assert still_open.waived_at is None


def test_adjust_confirmed_does_it_with_the_reason(page, secretary):
    rows = [obligation_of("692"), obligation_of("691")]
    response = adjust(page, step="confirm", units=[row.pk for row in rows])
    assert response.status_code == 302
    reasons = Obligation.objects.filter(waived_at__isnull=False).values_list("waive_reason", flat=True)
    assert list(reasons) == ["mới thành lập"] * 2


def test_adjust_of_one_unit_extends_until_the_end_of_the_day(page):
    obligation = obligation_of("692")
    page.post(
        reverse("obligation_adjust", args=[obligation.pk]),
        {
            "act": "gia-han",
            "until": "31/3/2023",
            "reason": "mưa lũ",
            "step": "confirm",
            "units": obligation.pk,
        },
    )
    obligation.refresh_from_db()
    assert obligation.due_at == local(2023, 3, 31, 23, 59).replace(second=59)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"reason": ""}, "Hãy ghi lý do"),
        ({"act": "gia-han"}, "Hãy ghi ngày hạn mới"),
        ({"act": "gia-han", "until": "1/4"}, "không phải ngày"),
        ({"act": "gia-han", "until": "27/3/2023", "step": "confirm"}, "từ hôm nay trở đi"),
        ({"act": "xoa"}, "Việc"),
        ({"units": ["999999999"]}, "không thuộc danh sách"),
        ({"units": []}, "Hãy chọn ít nhất một đơn vị"),
    ],
)
def test_adjust_with_a_mistake_says_so_and_changes_nothing(page, typed, message):
    response = adjust(page, **({"units": [obligation_of("692").pk]} | typed))
    assert message in html(response, 422)
    assert not Obligation.objects.filter(waived_at__isnull=False).exists()


def test_adjust_is_for_ban_phong_trao(client, secretary, at):
    at("2023-03-28T10:00")
    client.force_login(make_member(make_department("BXDD"), Role.OFFICER), backend=BACKEND)
    response = client.post(
        reverse("obligation_adjust", args=[obligation_of("692").pk]), {"act": "mien"}, follow=True
    )
    assert "Chỉ Ban Phong trào được gia hạn hoặc miễn" in html(response)


def test_adjust_of_a_form_or_period_that_is_not_owed_is_404(page):
    assert page.get(reverse("period_adjust", args=["monthly_report", "2023-01"])).status_code == 404
    assert page.get(reverse("period_adjust", args=["nothing", "2023-03"])).status_code == 404


def test_adjust_asks_the_database_little(page, django_assert_num_queries):
    page.get(reverse("follow_up"))
    with django_assert_num_queries(ADJUST_QUERIES):
        page.get(reverse("period_adjust", args=["monthly_report", "2023-03"]))


# Nhập thay


def begin(page, code="692"):
    """Open a draft for the unit as the page does; returns the obligation."""
    obligation = obligation_of(code)
    assert page.post(reverse("on_behalf", args=[obligation.pk])).status_code == 302
    return obligation


def fill(obligation, officer):
    fill_monthly(obligation.report.versions.get(), {"T5.amount": "7"}, by=officer)


def hub(page, obligation, **typed):
    address = reverse("on_behalf", args=[obligation.pk])
    values = {"key": str(uuid.uuid4()), "note": "Báo cáo số 41-BC/ĐTN, bản giấy nhận 27/3"}
    return page.post(address, values | {f"T{n}.blank": "on" for n in range(1, 20)} | typed)


def test_entering_for_a_unit_goes_section_by_section_on_the_units_own_pages(page, officer):
    obligation = begin(page)
    address = reverse("report_section", args=[obligation.pk, "teams"])
    assert page.get(address).status_code == 200
    typed = WORDS["teams"] | {"revision": "teams:0", "action": "save"}
    assert page.post(address, typed).status_code == 302
    version = Version.objects.get()
    assert (version.on_behalf, version.typed_by) == (True, officer)
    assert version.sections.get(form_section__code="teams").raw["f.people_helped"] == "1.020"
    assert page.get(reverse("report_detail", args=[obligation.pk])).url == reverse(
        "on_behalf", args=[obligation.pk]
    )


def test_entered_report_is_handed_in_with_source_and_scan_and_marked_everywhere(page, officer, secretary):
    obligation = begin(page)
    fill(obligation, officer)
    response = hub(page, obligation, action="submit", signer_name="Trần Văn A", scan=photo_upload())
    assert response.url == reverse("review_detail", args=[obligation.pk])
    version = Version.objects.get()
    assert (version.state, version.on_behalf, version.submitted_by) == ("submitted", True, officer)
    assert version.on_behalf_note.startswith("Báo cáo số 41-BC/ĐTN")
    for name in ("review_detail", "report_receipt"):
        assert "nhập thay" in html(page.get(reverse(name, args=[obligation.pk])))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"note": "", "scan": photo_upload()}, "cần ghi nguồn"),
        ({}, "cần đính kèm bản chụp"),
        ({"note": "a" * 301, "scan": photo_upload()}, "nhiều nhất 300"),
    ],
)
def test_entered_report_without_source_or_scan_is_refused_and_keeps_the_words(page, officer, typed, message):
    obligation = begin(page)
    fill(obligation, officer)
    text = html(hub(page, obligation, action="submit", signer_name="Trần Văn A", **typed), 422)
    assert message in text
    assert "Trần Văn A" in text
    assert Version.objects.get().state == "draft"


def test_scan_that_is_no_paper_is_refused(page, officer):
    obligation = begin(page)
    fake = photo_upload("quet.exe")
    fake.file.truncate(3)
    text = html(hub(page, obligation, scan=fake), 422)
    assert "Hãy chọn tệp khác" in text or "không phải" in text


def test_units_own_draft_is_never_taken_over(page, secretary):
    obligation = obligation_of("692")
    with clock.at(local(2023, 3, 24)):
        open_draft(obligation, by=secretary)
    assert "Đơn vị đang tự soạn" in html(page.get(reverse("on_behalf", args=[obligation.pk])))
    assert "Đơn vị đang tự soạn" in html(page.post(reverse("on_behalf", args=[obligation.pk])), 422)
    section = reverse("report_section", args=[obligation.pk, "teams"])
    assert page.post(section, WORDS["teams"]).status_code == 403
    assert Version.objects.get().on_behalf is False


def test_unit_that_begins_to_write_takes_the_draft_over(page, client, officer, secretary):
    obligation = begin(page)
    client.force_login(secretary, backend=BACKEND)
    client.post(reverse("report_section", args=[obligation.pk, "teams"]), WORDS["teams"])
    assert Version.objects.get().on_behalf is False
    client.force_login(officer, backend=BACKEND)
    assert "Đơn vị đang tự soạn" in html(client.get(reverse("on_behalf", args=[obligation.pk])))


def test_what_the_unit_hands_in_itself_is_its_own_whoever_began_it(page, officer, secretary):
    obligation = begin(page)
    fill(obligation, officer)
    version = submit(Version.objects.get(), by=secretary, idempotency_key=uuid.uuid4())
    assert version.on_behalf is False


def test_officer_cannot_hand_in_the_draft_of_a_unit(officer, secretary, at):
    at("2023-03-24T10:00")
    draft = open_draft(obligation_of("692"), by=secretary)
    fill_monthly(draft, {}, by=secretary)
    draft.on_behalf = True
    draft.save()
    with pytest.raises(SubmitError, match="nguồn"):
        submit(draft, by=officer, idempotency_key=uuid.uuid4())


def test_waived_report_is_not_entered(page, officer):
    obligation = waive(obligation_of("692"), by=officer, reason="mới thành lập")
    address = reverse("on_behalf", args=[obligation.pk])
    assert "Muốn nhập thay, hãy bỏ miễn trước" in html(page.get(address))
    assert "Muốn nhập thay, hãy bỏ miễn trước" in html(page.post(address), 422)
    assert not Version.objects.exists()


def test_amend_button_of_the_unit_does_not_hide_who_entered_the_report(page):
    obligation = begin(page)
    page.post(reverse("report_amend", args=[obligation.pk]), {"reason": "x"})
    assert Version.objects.get().on_behalf is True


def test_entered_report_sent_twice_with_one_key_is_one_hand_in(page, officer):
    obligation = begin(page)
    fill(obligation, officer)
    sent = {"action": "submit", "signer_name": "Trần Văn A", "key": str(uuid.uuid4())}
    hub(page, obligation, **sent, scan=photo_upload())
    response = hub(page, obligation, **sent)
    assert response.url == reverse("review_detail", args=[obligation.pk])
    assert Version.objects.count() == 1


def test_who_holds_a_post_on_both_sides_still_reads_the_own_draft(secretary, at):
    at("2023-03-28T10:00")
    make_post(secretary, make_department(), Role.OFFICER)
    own = open_draft(obligation_of("692"), by=secretary)
    foreign = open_draft(obligation_of("689"), by=secretary)
    assert own in Version.objects.visible_to(secretary)
    assert foreign not in Version.objects.visible_to(secretary)


@pytest.mark.parametrize("asked", ["9" * 5000, "000001" + "9" * 5000, "-1", "0", "²", "00000199999"])
def test_absurd_page_number_is_the_first_page(asked):
    assert positive(asked) == 1


def test_draft_entered_for_a_unit_can_be_thrown_away(page, officer):
    obligation = begin(page)
    hub(page, obligation, action="discard")
    assert not Version.objects.exists()


def test_entering_is_for_who_is_in_charge(client, published_plan, at):
    at("2023-03-28T10:00")
    other = make_member(make_department("BTG-TTNTH"), Role.OFFICER)
    client.force_login(other, backend=BACKEND)
    obligation = obligation_of("692")
    response = client.post(reverse("on_behalf", args=[obligation.pk]), follow=True)
    assert "Ban chuyên môn phụ trách" in html(response)
    assert not Version.objects.exists()
    make_post(other, make_department("BXDD"), Role.OFFICER)
    client.post(reverse("on_behalf", args=[obligation.pk]))
    assert Version.objects.get().on_behalf is True


@pytest.mark.parametrize("name", ["contact_log", "obligation_adjust", "on_behalf"])
def test_pages_of_the_province_do_not_exist_for_a_unit(client, secretary, name):
    client.force_login(secretary, backend=BACKEND)
    address = reverse(name, args=[obligation_of("692").pk])
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
