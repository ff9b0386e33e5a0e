"""Addresses of the pages of activities. Fixed words stand before the ids."""

from django.urls import path

from .views import activities, activity_changes, activity_count, activity_photos, activity_plans

ROOT = "hoat-dong/"
ONE = f"{ROOT}<int:activity_id>/"
PLAN = f"{ONE}phuong-an/"
PHOTO = f"{ROOT}anh/<int:photo_id>/"

urlpatterns = [
    path(ROOT, activities.activity_list_page, name="activity_list"),
    path(f"{ROOT}lap/", activities.activity_create, name="activity_create"),
    path(f"{ROOT}phuong-an/", activity_plans.activity_plan_queue, name="activity_plan_queue"),
    path(f"{ROOT}anh-dang/", activity_photos.activity_photo_published, name="activity_photo_published"),
    path(
        f"{ROOT}nghia-vu/<int:obligation_id>/",
        activities.activity_of_obligation,
        name="activity_of_obligation",
    ),
    path(PHOTO, activity_photos.activity_photo, name="activity_photo"),
    path(f"{PHOTO}bo/", activity_photos.activity_photo_remove, name="activity_photo_remove"),
    path(f"{PHOTO}dang/", activity_photos.activity_photo_publish, name="activity_photo_publish"),
    path(ONE, activities.activity_detail, name="activity_detail"),
    path(f"{ONE}sua/", activities.activity_edit, name="activity_edit"),
    path(f"{ONE}doi-ngay/", activity_changes.activity_move, name="activity_move"),
    path(f"{ONE}huy/", activity_changes.activity_cancel, name="activity_cancel"),
    path(f"{ONE}ket-qua/", activity_changes.activity_result, name="activity_result"),
    path(f"{ONE}dem/", activity_count.activity_count, name="activity_count"),
    path(f"{ONE}dem/luu/", activity_count.activity_tap, name="activity_tap"),
    path(f"{ONE}anh/", activity_photos.activity_photo_add, name="activity_photo_add"),
    path(PLAN, activity_plans.activity_plan_send, name="activity_plan_send"),
    path(f"{PLAN}<int:number>/", activity_plans.activity_plan_answer, name="activity_plan_answer"),
    path(f"{PLAN}<int:number>/tep/", activity_plans.activity_plan_file, name="activity_plan_file"),
]
