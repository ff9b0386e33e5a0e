"""A portal of one form that can be cut, go stale or forget its sessions: to try static/js/draft.js on."""

import json
import socket
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
SCRIPTS = (
    "vendor/idb-keyval-6.3.0/idb-keyval.umd.js",
    "js/page.js",
    "js/draft-store.js",
    "js/pair.js",
    "js/draft-fields.js",
    "js/draft-view.js",
    "js/draft.js",
)
FIELDS = ("T6.numerator", "T6.denominator", "f.highlights", "f.people.0.full_name")
HEAD = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<title>Nông nghiệp · Cổng</title>{scripts}
</head><body data-user="{user}" data-csrf-url="/csrf/" data-login-url="/dang-nhap/"><main id="content">"""
FORM = """<span data-save-state role="status">Chưa lưu</span>
<form method="post" action="/muc/" data-draft data-draft-key="{user}:5:agriculture">
<input type="hidden" name="csrfmiddlewaretoken" value="{token}">
<input type="hidden" name="revision" value="{revision}">
<div class="target-card"><h3>OCOP</h3><div class="pair" data-pair>
<label for="n">Tử số</label><input id="n" name="T6.numerator" value="{T6.numerator}">
<label for="d">Mẫu số</label><input id="d" name="T6.denominator" value="{T6.denominator}">
<output data-percent></output></div>
<div data-soft-for="T6.numerator" hidden><b data-soft-text></b><input name="T6.reason" disabled></div></div>
<div class="field-card"><label for="h">Kết quả nổi bật</label>
<textarea id="h" name="f.highlights">{f.highlights}</textarea></div>
<fieldset class="person"><label for="p">Họ và tên</label>
<input id="p" name="f.people.0.full_name" value="{f.people.0.full_name}"></fieldset>
<button name="action" value="check">Kiểm tra và gửi</button></form>
<form method="post" action="/dang-xuat/" data-logout><button>Đăng xuất</button></form>"""
RECEIPT = """<p>Đã gửi.</p><span data-clear-draft="{user}:5"></span>"""


class FakePortal(ThreadingHTTPServer):
    """What the server has, and how it behaves: ok, cut (no answer), lost (kept, no answer), busy (503)."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.behaviour = "ok"
        self.signed_in = True
        self.user = "1"
        self.token = "first"
        self.revision = 1
        self.texts = dict.fromkeys(FIELDS, "")
        self.errors = {}
        self.soft = {}
        self.posts = []
        Thread(target=self.serve_forever, daemon=True).start()

    def save_by_another(self, **texts):
        self.texts |= {name.replace("__", "."): text for name, text in texts.items()}
        self.revision += 1


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        path = urlsplit(self.path).path
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            return self.answer(200, file.read_bytes(), TYPES[file.suffix])
        if path == "/csrf/":
            return self.csrf()
        return self.page(path)

    def csrf(self):
        if not self.server.signed_in:
            return self.json(401, {"error": "Phiên làm việc đã hết."})
        return self.json(200, {"token": self.server.token, "user": self.server.user})

    def page(self, path):
        portal = self.server
        scripts = "".join(f'<script src="/static/{name}" defer></script>' for name in SCRIPTS)
        # str.format reads "T6.numerator" as an attribute: plain replacement instead.
        html = HEAD.replace("{scripts}", scripts) + {"/muc/": FORM, "/bien-nhan/": RECEIPT}.get(path, "")
        values = portal.texts | {"user": portal.user, "token": portal.token, "revision": str(portal.revision)}
        for name, value in values.items():
            html = html.replace("{" + name + "}", value)
        self.answer(200, html.encode(), "text/html; charset=utf-8")

    def do_POST(self):
        portal = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        path = urlsplit(self.path).path
        if path == "/dang-xuat/":
            return self.redirect("/dang-nhap/")
        if portal.behaviour == "cut":
            return self.hang_up()
        if portal.behaviour == "busy":
            return self.answer(503, b"", "text/html")
        sent = form_of(self.headers["Content-Type"], body)
        portal.posts.append(sent)
        if not portal.signed_in:
            return self.json(401, {"error": "Phiên làm việc đã hết."})
        if sent["csrfmiddlewaretoken"] != portal.token:
            return self.answer(403, b"<h1>403</h1>", "text/html")
        return self.keep(sent)

    def keep(self, sent):
        portal = self.server
        if sent["revision"] != str(portal.revision):
            return self.json(409, {"revision": str(portal.revision), "theirs": portal.texts})
        portal.texts |= {name: sent[name] for name in FIELDS if name in sent}
        portal.revision += 1
        if portal.behaviour == "lost":
            return self.hang_up()
        if "autosave" not in sent:
            return self.redirect("/bien-nhan/")
        answer = {"saved_at": "14:32", "errors": portal.errors, "soft": portal.soft}
        return self.json(200, answer | {"revision": str(portal.revision)})

    def hang_up(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def redirect(self, to):
        self.send_response(302)
        self.send_header("Location", to)
        self.end_headers()

    def json(self, status, data):
        self.answer(status, json.dumps(data).encode(), "application/json")

    def answer(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Quiet: the test says what went wrong."""


def form_of(content_type, body):
    """{name: text} of a multipart or urlencoded form."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    return {
        part.get_param("name", header="Content-Disposition"): part.get_payload(decode=True).decode()
        for part in message.iter_parts()
    }
