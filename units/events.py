"""Write the event log; every rule that changes something calls record()."""

from .models import Event


def record(*, verb, subject, actor=None, unit=None, from_state="", to_state="", reason=""):
    """Append one event about `subject` and return it. Ids only: never pass personal values."""
    return Event.objects.create(
        actor=actor,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        unit=unit,
        from_state=str(from_state),
        to_state=str(to_state),
        reason=reason,
    )
