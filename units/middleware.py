"""What becomes of held text (doanportal/held_text.py) after each answer."""

from django.contrib import messages
from django.shortcuts import redirect

from doanportal import held_text

from .policy import is_fetch

LOST_PAGE = "Trang đồng chí vừa gửi không mở được nữa. Nội dung đã gõ còn nguyên dưới đây để chép lại."


class HeldTextMiddleware:
    """Remembers whose pages these are, drops what was taken after all, and never ends in 404 or 405.

    An address that only takes a POST answers 405 to whoever comes back to it after signing in.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        user_id = held_text.signed_in_id(request)
        if not user_id:
            return response
        if request.method == "POST" and response.status_code < 400:
            held_text.drop_taken(request)
        elif request.method == "GET" and response.status_code in (404, 405) and not is_fetch(request):
            response = self.way_out(request, response)
        held_text.remember_owner(request, response, user_id)
        return response

    def way_out(self, request, response):
        """To the page of the form, or to that of the typed text, if the lost address was to show it."""
        for entry in held_text.held(request):
            if request.path == entry["path"] != entry["page"].split("?")[0]:
                return redirect(entry["page"])
            if request.path in (entry["path"], entry["page"].split("?")[0]):
                messages.warning(request, LOST_PAGE)
                return redirect("held_text")
        return response
