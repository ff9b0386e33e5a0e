"""What a published plan promised is closed: units already owe and report by it."""

from plans.models import Plan

REASON = (
    "Kế hoạch đã ban hành: các đơn vị đang báo cáo theo kế hoạch này nên những ô không sửa được đã khóa. "
    "Muốn đổi hạn, dùng gia hạn hoặc miễn có lý do; muốn đổi chỉ tiêu, lập kế hoạch của năm sau."
)


def is_issued(plan):
    return plan is not None and plan.state != Plan.State.DRAFT


class PartOfPlan:
    """For a ModelAdmin of rows with a `plan`: `closed_fields` are read-only once it is published."""

    closed_fields = ()

    def get_readonly_fields(self, request, obj=None):
        closed = self.closed_fields if obj and is_issued(obj.plan) else ()
        return [*super().get_readonly_fields(request, obj), *closed]

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and is_issued(obj.plan))

    def notes(self, obj):
        return [REASON] if is_issued(obj.plan) else super().notes(obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "plan":
            kwargs["queryset"] = Plan.objects.filter(state=Plan.State.DRAFT)
            kwargs["help_text"] = "Chỉ kế hoạch đang soạn: kế hoạch đã ban hành không thêm được."
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class InlineOfPlan:
    """For an inline of the plan's own page: no row comes or goes once it is published."""

    closed_fields = ()

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and not is_issued(obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj) and not is_issued(obj)

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(self.closed_fields if is_issued(obj) else ())]
