"""The head and signature of a paper from dated data: what the unit was called, and who signed, on a day."""

from doanportal.paper.model import BLANK, Letterhead, Signature

from .models import Unit
from .models.people import LEAD_DEPARTMENT
from .naming import name_on

PROVINCE_KIND = "province"


def letterhead_of(name, *, day, abbreviation, drafted_by=""):
    """The Letterhead of a paper that the unit of `name` (a UnitName) issues on `day`.

    `abbreviation` is the document type's (BC, DS …), `drafted_by` the code of the drafting department;
    the number stays blank until the clerk gives it. Source: domain.md §2.3, §2.4.
    """
    code = f"{name.issuer_code}-{drafted_by}" if drafted_by else name.issuer_code
    return Letterhead(
        upper_line=name.upper_line,
        issuer_line=name.issuer_line,
        number_line=f"Số:{BLANK}-{abbreviation}/{code}" if abbreviation else "",
        place_name=name.place_name,
        year=day.year,
    )


def signature_of(name, *, signer_title="", signer_name=""):
    """The Signature: the unit's form of signing, and the given signer or else the unit's own."""
    return Signature(
        authority=name.standing_committee,
        title=(signer_title or name.signer_title).upper(),
        name=signer_name or name.signer_name,
    )


def province_names_on(day):
    """(UnitName of the province, UnitName of Ban Phong trào) on `day`, four queries.

    Raises Unit.DoesNotExist when either is not entered.
    """
    units = Unit.objects.prefetch_related("names")
    return (
        name_on(units.get(kind__code=PROVINCE_KIND, parent=None), day),
        name_on(units.get(code=LEAD_DEPARTMENT), day),
    )
