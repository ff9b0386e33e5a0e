"""Clusters with their units, sectors, and which department looks after whom."""

from django.contrib import admin
from django.db.models import Q

from units.models import Cluster, ClusterMembership, Sector, Supervision

from .base import PortalAdmin, PortalInline, plain
from .dated import DatedForm, EndedRows


class ClusterMembershipForm(DatedForm):
    def clean(self):
        cleaned = super().clean()
        unit, start, end = (cleaned.get(name) for name in ("unit", "valid_from", "valid_to"))
        if unit and start:
            others = ClusterMembership.objects.exclude(pk=self.instance.pk).filter(unit=unit)
            others = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=start))
            if end:
                others = others.filter(valid_from__lt=end)
            if others.exists():
                self.add_error("unit", "Đơn vị đã thuộc một cụm trong thời gian này: hãy kết thúc dòng đó.")
        return cleaned


class ClusterMembershipInline(EndedRows, PortalInline):
    model = ClusterMembership
    form = ClusterMembershipForm
    autocomplete_fields = ["unit"]


class ClusterSupervisionInline(EndedRows, PortalInline):
    model = Supervision
    fields = ["department", "valid_from", "valid_to"]
    autocomplete_fields = ["department"]


@admin.register(Cluster)
class ClusterAdmin(PortalAdmin):
    list_display = ["name", "code", plain("year", "năm")]
    list_filter = ["year"]
    search_fields = ["name", "code"]
    inlines = [ClusterMembershipInline, ClusterSupervisionInline]
    deletable = True


@admin.register(Sector)
class SectorAdmin(PortalAdmin):
    list_display = ["name", "code", "display_order"]
    search_fields = ["name", "code"]
    deletable = True

    def get_readonly_fields(self, request, obj=None):
        # Plans and reports name sectors by their code.
        return ["code"] if obj else []


@admin.register(Supervision)
class SupervisionAdmin(PortalAdmin):
    list_display = ["department", "cluster", "sector", "unit", "valid_from", "valid_to"]
    list_filter = ["department", "sector"]
    list_select_related = ["department", "cluster", "sector", "unit"]
    search_fields = ["department__search_key", "unit__search_key", "cluster__name", "sector__name"]
    autocomplete_fields = ["department", "cluster", "sector", "unit"]
