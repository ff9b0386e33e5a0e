"""The units of the demo: dossiers written, half written, handed in; or nothing to propose."""

import io
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import prefetch_related_objects
from PIL import Image

from reports.demo.accounts import person_name
from units.documents import read_signed

from ..dossiers import (
    Dossier,
    add_file,
    number_proposal,
    save_minutes,
    start_dossier,
)
from ..hand_in import hand_in, hand_in_nothing
from ..nominations import add_nomination, save_report
from . import texts

PAPER_SIZE = (600, 400)


class UnitSide:
    """What units do in a round; `photo`: bytes of a picture that says it is an illustration."""

    def __init__(self, stage, form, photo):
        self.stage, self.form = stage, form
        self.photo = smaller(photo)
        self.scan = read_signed(self.upload("to-trinh-minh-hoa.jpg"))
        self.numbers = 40

    def upload(self, name):
        return SimpleUploadedFile(name, self.photo, "image/jpeg")

    def hand_in(self, award_round, unit, kinds, *, on):
        """A complete dossier, handed in on that day."""
        by = self.stage.secretary(unit)
        with self.stage.on(on - timedelta(days=2), 9):
            dossier = start_dossier(award_round=award_round, unit=unit, by=by)
            for kind in kinds:
                self.complete(self.propose(dossier, kind, by), by, on=on - timedelta(days=3))
        with self.stage.on(on - timedelta(days=1), 15):
            self.meet(dossier, by, on=on - timedelta(days=1))
            self.sign(dossier, by, on=on - timedelta(days=1))
        with self.stage.on(on, 10, self.stage.chance.randint(0, 50)):
            return hand_in(dossier, by=by)

    def nothing(self, award_round, unit, *, on):
        by = self.stage.posts[unit.pk, "secretary"].user
        with self.stage.on(on, 8, self.stage.chance.randint(0, 50)):
            hand_in_nothing(start_dossier(award_round=award_round, unit=unit, by=by), by=by)

    def begin(self, award_round, unit, *, on):
        """Half written: one nomination with the beginning of a report, one that only has its name."""
        by = self.stage.editor(unit)
        with self.stage.on(on, 16):
            dossier = start_dossier(award_round=award_round, unit=unit, by=by)
            nomination = self.propose(dossier, texts.INDIVIDUAL, by)
            save_report(nomination, revision=0, facts={"report": texts.HALF_WRITTEN}, by=by)
            name = f"Đội hình hỗ trợ hành chính công {unit.short_name} (minh họa)"
            add_nomination(
                dossier, subject_kind=texts.COLLECTIVE, form=self.form, facts={"name": name}, by=by
            )
        return dossier

    def propose(self, dossier, kind, by):
        unit, chance = dossier.unit, self.stage.chance
        if kind == texts.COLLECTIVE:
            facts = {
                "name": f"Đội hình chuyển đổi số xã hội {unit.short_name} (minh họa)",
                "members": chance.randint(15, 40),
                "summary": texts.COLLECTIVE_SUMMARY,
            }
        else:
            name = person_name(chance)
            facts = {
                "name": name,
                "birth_year": chance.randint(1989, 2000),
                "gender": "female" if "Thị" in name else "male",
                "position": chance.choice(texts.POSITIONS),
                "workplace": unit.name,
                "summary": texts.INDIVIDUAL_SUMMARY,
            }
        return add_nomination(dossier, subject_kind=kind, form=self.form, facts=facts, by=by)

    def complete(self, nomination, by, *, on):
        save_report(
            nomination,
            revision=nomination.revision,
            facts={
                "report": texts.REPORT.format(summary=nomination.summary),
                "confirmed_by": person_name(self.stage.chance),
                "confirmed_title": "Thủ trưởng đơn vị",
                "confirmed_on": on,
            },
            by=by,
        )
        add_file(
            nomination.dossier,
            upload=self.upload("minh-chung-minh-hoa.jpg"),
            kind="evidence",
            caption="Ảnh minh họa",
            by=by,
            nomination=nomination,
        )

    def meet(self, dossier, by, *, on):
        dossier = Dossier.objects.get(pk=dossier.pk)
        present = self.stage.chance.randint(11, 15)
        facts = {
            "met_on": on,
            "met_place": "Hội trường đơn vị",
            "chair": by.full_name,
            "minutes_taker": person_name(self.stage.chance),
            "invited": 15,
            "present": present,
            "discussion": "Các thành viên thống nhất đề nghị. (Nội dung minh họa.)",
        }
        votes = {row.pk: (present - 1, 1) for row in dossier.nominations.all()}
        save_minutes(dossier, revision=dossier.revision, facts=facts, votes=votes, by=by)

    def sign(self, dossier, by, *, on):
        self.numbers += 1
        prefetch_related_objects([dossier.unit], "names")
        number_proposal(
            dossier,
            number=f"{self.numbers:02d}",
            symbol="",
            term=texts.TERM,
            date=on,
            by=by,
            scan=self.scan,
        )


def smaller(photo):
    out = io.BytesIO()
    Image.open(io.BytesIO(photo)).resize(PAPER_SIZE).save(out, "JPEG", quality=70)
    return out.getvalue()
