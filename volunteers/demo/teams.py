"""Teams of the demo: founded at the end of February, shown at the ceremony, with a roster that was sent."""

import io
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from doanportal import clock
from units.documents import read_signed, split_number
from units.models import Role

from ..board import appoint
from ..models import BoardRole, TeamKind
from ..roster import Told, join, join_new, leave, send_roster, stamp
from ..team_papers import note_papers
from ..teams import decision_obligation, decision_symbol, found_team, record_debut, record_decision
from .people import Crowd

TERM = "2022-2027"
WITHOUT_TEAM = "693"  # Bù Đốp: ten of eleven districts have a team
WITHOUT_ADMIN_TEAM = ("691", "693")
STILL_WAITING = "698"  # Phú Riềng
ATTACHED_WITH_TEAM = ("MH-KHOI", "MH-CD")
CHANGED_IN_SUMMER = "692"  # Lộc Ninh: its roster differs from the one that was sent
DIGITAL, ADMIN = "digital_society", "public_admin"
DIGITAL_TASKS = (
    "Tuyên truyền, hướng dẫn người dân sử dụng dịch vụ công trực tuyến, thanh toán không dùng tiền mặt; "
    "hỗ trợ thanh niên số hóa sản phẩm. (Dữ liệu minh họa.)"
)
ADMIN_TASKS = (
    "Trực hướng dẫn tạo tài khoản, nộp hồ sơ trực tuyến cho người dân, doanh nghiệp. (Dữ liệu minh họa.)"
)
SEATS = (BoardRole.LEADER, BoardRole.DEPUTY_LEADER, BoardRole.MEMBER)


class Teams:
    """Founds the teams; afterwards `of` gives {unit id: {kind code: Team}}."""

    def __init__(self, stage):
        self.stage = stage
        self.crowd = Crowd(stage.chance, stage.year)
        self.kinds = {kind.code: kind for kind in TeamKind.objects.all()}
        self.scan = read_signed(SimpleUploadedFile("quyet-dinh-minh-hoa.jpg", drawn_paper(), "image/jpeg"))
        self.of = {}

    def found_all(self):
        stage = self.stage
        for unit in stage.districts:
            if unit.code not in WITHOUT_ADMIN_TEAM:
                self.keep_up(
                    unit, f"Đội hình thanh niên tình nguyện hỗ trợ hành chính công {unit.short_name}"
                )
        self.keep_up(
            stage.province,
            "Đội hình thanh niên tình nguyện tại Trung tâm Phục vụ hành chính công tỉnh",
            place="Trung tâm Phục vụ hành chính công tỉnh",
        )
        for unit in [stage.province, *stage.units]:
            if unit == stage.province or self.founds(unit):
                self.found(unit)

    def founds(self, unit):
        if unit.kind.code == "district":
            return unit.code != WITHOUT_TEAM
        return unit.code in ATTACHED_WITH_TEAM

    def keep_up(self, unit, name, place="Bộ phận một cửa"):
        """A team that was there before the plan: «duy trì từ trước», with a few people."""
        stage, day = self.stage, date(self.stage.year, 2, 21)
        if not stage.has_come(day):
            return
        since = date(stage.year - 1, stage.chance.randint(3, 9), 26)
        with stage.on(day):
            team = found_team(
                unit=unit,
                name=name,
                kinds=[self.kinds[ADMIN]],
                responsible=stage.responsible(unit, Role.DEPUTY),
                by=stage.editor(unit),
                place=place,
                tasks=ADMIN_TASKS,
                maintained_since=since,
            )
            self.of.setdefault(unit.pk, {})[ADMIN] = team
            self.fill(team, stage.chance.randint(5, 7), joined=since)

    def found(self, unit):
        """Decision, roster and board some days before the ceremony, the debut on it."""
        stage = self.stage
        decided = date(stage.year, 2, stage.chance.randint(22, 24))
        if not stage.has_come(decided):
            return
        debut = date(stage.year, 2, 26) + timedelta(days=stage.chance.choice((0, 0, 1, 2, 6, 7)))
        number, _ = split_number(str(stage.chance.randint(4, 60)))
        whose = "cấp tỉnh" if unit == stage.province else unit.short_name
        with stage.on(decided, 8):
            team = found_team(
                unit=unit,
                name=f"Đội hình thanh niên tình nguyện chuyển đổi số xã hội {whose}",
                kinds=[self.kinds[DIGITAL]],
                responsible=stage.responsible(unit),
                by=stage.editor(unit),
                place="Trung tâm Văn hóa" if unit != stage.province else "Tỉnh Đoàn",
                tasks=DIGITAL_TASKS,
            )
            basis = f"Quyết định số {number}-{decision_symbol(unit)} (minh họa)"
            people = self.fill(team, stage.chance.randint(8, 16), joined=decided, basis=basis)
            self.also_old_hands(team, joined=decided, basis=basis)
            for person, role in zip(people, SEATS, strict=False):
                appoint(team, person=person, role=role, since=decided, by=stage.editor(unit), basis=basis)
        with stage.on(decided, 15):
            team = record_decision(
                team,
                number=number,
                symbol=decision_symbol(unit),
                term=TERM,
                date=decided,
                by=stage.editor(unit),
                scan=self.scan,
            )
            send_roster(team, as_of=decided, by=stage.secretary(unit))
        self.note(team, decided + timedelta(days=1))
        if stage.has_come(debut):
            with stage.on(debut):
                place = "Lễ ra quân Tháng Thanh niên của đơn vị"
                record_debut(team, on=debut, place=place, by=stage.editor(unit))
        self.of.setdefault(unit.pk, {})[DIGITAL] = team
        if unit.code == CHANGED_IN_SUMMER:
            self.change_in_summer(team)

    def note(self, team, day):
        """Ban Phong trào takes note the next day; one unit's papers still wait, so that this can be seen."""
        if team.unit.code == STILL_WAITING or decision_obligation(team) is None:
            return
        if self.stage.has_come(day):
            with self.stage.on(day):
                note_papers(team, by=self.stage.officer, at=clock.now())

    def fill(self, team, size, *, joined, basis="Danh sách của đơn vị (minh họa)"):
        """So many new people in the team from that day, each told and agreed; returns them."""
        told = Told(channel="paper", given_on=max(joined, date(self.stage.year, 1, 3)))
        return [
            join_new(
                team,
                self.crowd.person(),
                joined=joined,
                role="",
                basis=basis,
                by=self.stage.editor(team.unit),
                told=told,
            ).person
            for _ in range(size)
        ]

    def also_old_hands(self, team, *, joined, basis):
        """Two people of the unit's older team are in the new one, too: a person in two teams is one."""
        old = self.of.get(team.unit_id, {}).get(ADMIN)
        if old is None:
            return
        for row in old.memberships.select_related("person").order_by("pk")[:2]:
            join(
                team,
                row.person,
                joined=joined,
                role="Phụ trách điểm trực",
                basis=basis,
                by=self.stage.editor(team.unit),
            )

    def change_in_summer(self, team):
        stage, left, joined = self.stage, date(self.stage.year, 6, 5), date(self.stage.year, 7, 10)
        if stage.has_come(left):
            with stage.on(left):
                row = team.memberships.select_related("person").order_by("-pk").first()
                basis = "Chuyển công tác (minh họa)"
                leave(row, left=left, basis=basis, seen=stamp(row), by=stage.editor(team.unit))
        if stage.has_come(joined):
            with stage.on(joined):
                self.fill(team, 2, joined=joined, basis="Danh sách bổ sung tháng 7 (minh họa)")


def drawn_paper():
    """A drawn sheet that says it is an illustration, in the place of a signed scan."""
    image = Image.new("RGB", (620, 877), "white")
    draw = ImageDraw.Draw(image)
    for top in range(180, 640, 26):
        draw.line((70, top, 550, top), fill="#9aa5b1", width=2)
    draw.text((230, 120), "QUYET DINH (BAN MINH HOA)", fill="black")
    draw.ellipse((390, 680, 500, 790), outline="#c0392b", width=4)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
