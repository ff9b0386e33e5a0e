"""Every route, every method, every role, with own, foreign and absent ids: nobody sees what isn't theirs.

A canary of each unit is looked for in whatever comes back: pages, PDF, Word, Excel, files, headers.
"""

import io
import re
import zipfile

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pypdf import PdfReader

from doanportal import clock
from plans.delivery import deliver_all
from plans.models import Message, Notice
from plans.notices import plan_due
from tests.access.award_world import draft_word, secret
from tests.access.routes import AWARDS, FIXED, absent_ids, all_routes, parameter_value
from tests.access.volunteer_world import masked, person_canary, phone_of
from tests.access.world import FOREIGN, OWN, PHONES, build, canary
from tests.factories.plans import local
from tests.factories.units import make_post, make_user
from units.models import Event, Role, Unit

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
UNIT_ROLES = (Role.SECRETARY, Role.DEPUTY, Role.EDITOR)
PROVINCE = {
    "officer_bpt": ("BPT", Role.OFFICER),
    "officer_other": ("VP", Role.OFFICER),
    "leader": ("TD-BP", Role.LEADER),
    "clerk": ("VP", Role.CLERK),
    "viewer": ("TD-BP", Role.VIEWER),
    "admin": ("TD-BP", Role.ADMIN),
}
# Posts that no round names as an audience: nothing of what is judged before it is published.
UNTOLD = ("officer_other", "clerk", "viewer", "admin")


@pytest.fixture(scope="module")
def world(published_plan, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        officer = make_user(email="bpt@thu.invalid")
        make_post(officer, Unit.objects.get(code="BPT"), Role.OFFICER)
        own, foreign, shared = build(officer)
        users = {"officer_bpt": officer}
        for name, (code, role) in PROVINCE.items():
            if name not in users:
                users[name] = make_user(email=f"{name}@thu.invalid", is_staff=name == "admin")
                make_post(users[name], Unit.objects.get(code=code), role)
        FIXED.update(shared)
        yield own, foreign, users


def traces_of(code):
    """Everything of a unit that a stranger must not meet, masked phones of its people included."""
    words = (canary(code), secret(code), draft_word(code))
    return (*words, *map(str.lower, words), PHONES[code], *traces_of_people(code))


def traces_of_people(code):
    return (person_canary(code), person_canary(code).lower(), phone_of(code), masked(code))


def holds(text, traces):
    return any(trace in text for trace in traces)


def client_for(user):
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user, backend="units.accounts.EmailOrPhoneBackend")
    return client


def text_of(response):
    """Everything readable in a response: body, unpacked papers, header values."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    text = body.decode("utf-8", "replace") + headers
    if body.startswith(b"%PDF") and b"startxref" in body:
        text += "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                text += re.sub(r"<[^>]+>", "", archive.read(name).decode("utf-8", "replace"))
    return text


def address(route, ids):
    arguments = {name: parameter_value(route, name, ids) for name in route.parameters}
    try:
        return reverse(route.name, kwargs=arguments)
    except NoReverseMatch:
        path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(arguments[match[1]]), route.path)
        return path.replace("^", "").replace("$", "")


def ask(client, method, url):
    """The response to one request; whatever it changed is rolled back."""
    with transaction.atomic():
        response = getattr(client, method)(url)
        text = text_of(response)
        transaction.set_rollback(True)
    return response, text


def portal_routes():
    """All routes of the portal; signing out comes last, or the rest would be asked by nobody."""
    routes = [route for route in all_routes() if not route.is_admin and not skipped(route)]
    return sorted(routes, key=lambda route: route.name == "logout")


def skipped(route):
    """One-time links of passwords and invitations: they take a token, and have tests of their own."""
    return ("reset" in route.name or "invitation" in route.name) and route.parameters


@pytest.mark.django_db
def test_every_parameter_of_every_route_is_known(world):
    own, _, _ = world
    unknown = []
    for route in portal_routes():
        for name in route.parameters:
            try:
                parameter_value(route, name, own.ids)
            except KeyError:
                unknown.append(f"{route.name}: {name}")
    assert unknown == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", UNIT_ROLES)
def test_unit_role_never_sees_a_foreign_canary(world, role):
    own, foreign, _ = world
    client = client_for(own.users[role])
    leaks, wrong = [], []
    for route in portal_routes():
        for kind, ids in (("own", own.ids), ("foreign", foreign.ids), ("absent", absent_ids(own.ids))):
            if kind != "own" and not set(route.parameters) & ({*own.ids, "pk", "file_id"}):
                continue
            for method in METHODS:
                response, text = ask(client, method, address(route, ids))
                if response.status_code >= 500:
                    wrong.append(f"{method} {route.name} {kind}: {response.status_code}")
                if holds(text, traces_of(FOREIGN)):
                    leaks.append(f"{method} {route.name} {kind}")
                if secret(OWN) in text:
                    leaks.append(f"{method} {route.name} {kind}: told before it is published")
                if kind != "own" and method in ("get", "post") and response.status_code not in (404, 405):
                    wrong.append(f"{method} {route.name} {kind}: {response.status_code}, not 404")
    assert leaks == []
    assert wrong == []


@pytest.mark.django_db
def test_own_canary_is_found_so_that_the_search_can_fail(world):
    own, _, _ = world
    client = client_for(own.users[Role.SECRETARY])
    seen = {
        route.name
        for route in portal_routes()
        if set(route.parameters) & {*own.ids, "file_id"}
        and canary(OWN) in ask(client, "get", address(route, own.ids))[1]
    }
    assert {"report_version", "report_document", "evidence_file", "signed_file"} <= seen
    assert {"team_detail", "activity_detail", "register_row"} <= seen
    assert {"dossier_detail", "nomination_detail", "dossier_file", "dossier_paper"} <= seen


@pytest.mark.django_db
def test_own_people_are_found_so_that_the_search_can_fail(world):
    own, _, _ = world
    client = client_for(own.users[Role.SECRETARY])
    seen = {
        route.name
        for route in portal_routes()
        if set(route.parameters) & set(own.ids)
        and person_canary(OWN) in ask(client, "get", address(route, own.ids))[1]
    }
    assert {"roster", "person_detail", "person_data", "import_detail", "team_decision"} <= seen


@pytest.mark.django_db
def test_events_and_mails_hold_no_person(world):
    events = "".join(str(row) for row in Event.objects.values_list("from_state", "to_state", "reason"))
    inbox = "".join(f"{one.subject} {one.body} {one.url}" for one in Message.objects.all())
    assert not holds(events + inbox, traces_of_people(OWN) + traces_of_people(FOREIGN))


@pytest.mark.django_db
@pytest.mark.parametrize("role", PROVINCE)
def test_province_role_meets_no_error_and_no_draft(world, role):
    own, foreign, users = world
    client = client_for(users[role])
    wrong = []
    for route in portal_routes():
        for ids in (
            own.ids,
            absent_ids(own.ids),
            own.ids | {"obligation_id": foreign.ids["draft_obligation_id"]},
        ):
            for method in ("get", "post"):
                response, text = ask(client, method, address(route, ids))
                if response.status_code >= 500:
                    wrong.append(f"{method} {route.name}: {response.status_code}")
                if f"Việc tới {canary(FOREIGN)}" in text:
                    wrong.append(f"{method} {route.name}: draft of a unit shown")
                if draft_word(FOREIGN) in text or draft_word(OWN) in text:
                    wrong.append(f"{method} {route.name}: draft of a dossier shown")
                if role in UNTOLD and holds(text, (secret(OWN), secret(FOREIGN))):
                    wrong.append(f"{method} {route.name}: remarks, votes, outcome shown to {role}")
                if PHONES[FOREIGN] in text and role not in ("officer_bpt", "admin"):
                    wrong.append(f"{method} {route.name}: phone shown to {role}")
                if role != "officer_bpt" and holds(text, traces_of_people(OWN) + traces_of_people(FOREIGN)):
                    wrong.append(f"{method} {route.name}: people shown to {role}")
    assert wrong == []


@pytest.mark.django_db
def test_anonymous_sees_nothing_of_anybody(world):
    own, _, _ = world
    client = client_for(None)
    wrong = []
    for route in portal_routes():
        for method in METHODS:
            response, text = ask(client, method, address(route, own.ids))
            if response.status_code >= 500 or re.search("CHIMYEN|CHUACONGBO|BANNHAP", text.upper()):
                wrong.append(f"{method} {route.name}: {response.status_code}")
            if "NGUOIKIN" in text.upper():
                wrong.append(f"{method} {route.name}: people shown to anybody")
            if response.status_code == 200 and method == "get" and set(route.parameters) & set(own.ids):
                wrong.append(f"{method} {route.name}: open to all")
    assert wrong == []


def award_routes(*parameters):
    return [
        route
        for route in portal_routes()
        if route.path.startswith(AWARDS) and set(parameters) & set(route.parameters)
    ]


def award_places(world):
    """Ids with each of the unit's nominations in every stage, and with its dossier that is not handed in."""
    for case in world.cases.values():
        yield world.ids | {"nomination_id": case}
    yield world.ids | world.drafts


@pytest.mark.django_db
@pytest.mark.parametrize("role", UNIT_ROLES)
def test_unit_role_learns_no_foreign_case_and_no_own_result_in_any_stage(world, role):
    own, foreign, _ = world
    client = client_for(own.users[role])
    hidden, wrong = (*traces_of(FOREIGN), secret(OWN)), []
    for route in award_routes("nomination_id", "dossier_id", "award_file_id", "file_id"):
        for method in ("get", "post"):
            for ids in award_places(own):
                response, text = ask(client, method, address(route, ids))
                if response.status_code >= 500 or holds(text, hidden):
                    wrong.append(f"{method} {route.name} own: {response.status_code}")
            for ids in award_places(foreign):
                response, text = ask(client, method, address(route, ids))
                if response.status_code not in (404, 405) or holds(text, hidden):
                    wrong.append(f"{method} {route.name} foreign: {response.status_code}")
    assert wrong == []


@pytest.mark.django_db
def test_rounds_of_every_state_show_units_nothing_of_others(world):
    own, _, _ = world
    client = client_for(own.users[Role.SECRETARY])
    hidden, wrong = (*traces_of(FOREIGN), secret(OWN)), []
    for route in award_routes("round_id"):
        for round_id in FIXED["rounds"]:
            for method in ("get", "post"):
                response, text = ask(client, method, address(route, own.ids | {"round_id": round_id}))
                if response.status_code >= 500 or holds(text, hidden):
                    wrong.append(f"{method} {route.name}: {response.status_code}")
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", PROVINCE)
def test_province_role_sees_no_dossier_that_is_not_handed_in(world, role):
    own, foreign, users = world
    client = client_for(users[role])
    wrong = []
    for route in award_routes("nomination_id", "dossier_id", "file_id"):
        for ids in (*award_places(own), *award_places(foreign)):
            response, text = ask(client, "get", address(route, ids))
            if response.status_code >= 500 or holds(text, (draft_word(OWN), draft_word(FOREIGN))):
                wrong.append(f"{route.name}: {response.status_code}")
            if role in UNTOLD and holds(text, (secret(OWN), secret(FOREIGN))):
                wrong.append(f"{route.name}: told to {role}")
    assert wrong == []


@pytest.mark.django_db
def test_judges_read_remarks_so_that_the_search_can_fail(world):
    own, _, users = world
    client = client_for(users["officer_bpt"])
    pages = {
        route.name
        for route in award_routes("nomination_id", "round_id")
        for ids in award_places(own)
        if secret(OWN) in ask(client, "get", address(route, ids))[1]
    }
    assert {"check_nomination", "council_nomination", "decision_detail"} <= pages


@pytest.mark.django_db
def test_events_notices_and_mails_hold_no_result_before_it_is_published(world):
    events = "".join(str(row) for row in Event.objects.values_list("from_state", "to_state", "reason"))
    told = "".join(f"{one.title} {one.text} {one.url}" for one in Notice.objects.all())
    hidden = (secret(OWN), secret(FOREIGN), draft_word(OWN), draft_word(FOREIGN))
    assert "[Kết quả khen thưởng]" in told
    assert not holds(events + told, hidden)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*UNIT_ROLES, *[name for name in PROVINCE if name != "admin"], None])
def test_admin_pages_are_closed_to_all_but_admins(world, role):
    own, _, users = world
    user = own.users.get(role) or users.get(role)
    client = client_for(user)
    wrong = []
    for route in all_routes():
        if not route.is_admin or "login" in route.path:
            continue
        path = "/" + re.sub(r"<(?:\w+:)?\w+>", "1", route.path).replace("^", "").replace("$", "")
        for method in ("get", "post"):
            response, text = ask(client, method, path)
            if response.status_code not in (301, 302, 403, 404, 405) or "CHIMYEN" in text:
                wrong.append(f"{method} {path}: {response.status_code}")
    assert wrong == []


@pytest.mark.django_db
def test_messages_and_mails_of_a_unit_hold_nothing_of_another(world):
    own, _, _ = world
    with clock.at(local(2023, 6, 26)):
        plan_due(now=clock.now())
        deliver_all(now=clock.now())
    addresses = {user.email for user in own.users.values()}
    mails = [f"{one.subject} {one.body}" for one in mail.outbox if addresses & set(one.to)]
    inbox = [
        f"{one.subject} {one.body} {one.url}"
        for one in Message.objects.filter(recipient__in=own.users.values(), channel="inbox")
    ]
    assert any(canary(OWN) in text for text in inbox)
    assert any("Báo cáo tháng 6/2023" in text for text in mails)
    assert [text for text in mails + inbox if canary(FOREIGN) in text] == []
