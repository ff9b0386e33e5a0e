"""Addresses of decisions of a round and of submissions to a higher level."""

from django.urls import path

from .views import decision, decision_paper, higher

DECISIONS = "<int:round_id>/quyet-dinh/"
ONE = f"{DECISIONS}<int:decision_id>/"
HIGHER = "<int:round_id>/trinh-cap-tren/"

urlpatterns = [
    path(DECISIONS, decision.decision_detail, name="decision_detail"),
    path(f"{DECISIONS}ket-qua/", decision.decision_outcome, name="decision_outcome"),
    path(f"{DECISIONS}theo-hoi-dong/", decision.decision_follow, name="decision_follow"),
    path(f"{ONE}quyet-dinh.<slug:kind>", decision_paper.decision_paper, name="decision_paper"),
    path(f"{ONE}so/", decision_paper.decision_number, name="decision_number"),
    path(f"{ONE}bo-so/", decision_paper.decision_unnumber, name="decision_unnumber"),
    path(f"{ONE}ban-ky/", decision_paper.decision_file, name="decision_file"),
    path(f"{ONE}xem-truoc/", decision.decision_preview, name="decision_preview"),
    path(f"{ONE}cong-bo/", decision.decision_publish, name="decision_publish"),
    path(HIGHER, higher.higher_list, name="higher_list"),
    path(f"{HIGHER}trinh/", higher.higher_submit, name="higher_submit"),
    path(f"{HIGHER}<int:nomination_id>/", higher.higher_answer, name="higher_answer"),
    path(f"{HIGHER}<int:nomination_id>/thay/", higher.higher_fallback, name="higher_fallback"),
]
