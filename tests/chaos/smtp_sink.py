"""A slow SMTP server on loopback that remembers what it said yes to: the oracle of mail deliveries."""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from socketserver import StreamRequestHandler, ThreadingTCPServer


@dataclass(frozen=True)
class Accepted:
    recipient: str
    message_id: str
    subject: str


@dataclass
class Sink:
    """Mails accepted so far; `pause` seconds pass before each yes, `drops` of them end without an answer."""

    pause: float = 0.0
    drops: int = 0
    accepted: list = field(default_factory=list)
    condition: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self):
        self.server = ThreadingTCPServer(("127.0.0.1", 0), Conversation, bind_and_activate=False)
        self.server.daemon_threads = True
        self.server.allow_reuse_address = True
        self.server.sink = self
        self.server.server_bind()
        self.server.server_activate()
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def port(self):
        return self.server.server_address[1]

    def accept(self, recipients, data):
        """Remember the mail; returns whether the sender is to hear of it."""
        mail = message_from_bytes(data)
        with self.condition:
            self.accepted += [Accepted(who, mail["Message-ID"], mail["Subject"]) for who in recipients]
            self.condition.notify_all()
            if self.drops:
                self.drops -= 1
                return False
        return True

    def wait_for(self, count, *, timeout):
        """Wait until that many mails were accepted; returns whether they were."""
        with self.condition:
            return self.condition.wait_for(lambda: len(self.accepted) >= count, timeout)


class Conversation(StreamRequestHandler):
    """Just enough of SMTP for smtplib."""

    def handle(self):
        self.recipients = []
        self.say("220 sink")
        while line := self.read():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                if not self.take_mail():
                    return
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                if verb == b"MAIL":
                    self.recipients = []
                if verb == b"RCPT":
                    self.recipients.append(line.decode().partition("<")[2].partition(">")[0])
                self.say("250 ok")

    def take_mail(self):
        self.say("354 go on")
        lines = []
        while (line := self.read()) != b".\r\n":
            if not line:
                return False
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        sink = self.server.sink
        time.sleep(sink.pause)
        if not sink.accept(self.recipients, b"".join(lines)):
            return False
        self.say("250 yes")
        return True

    def read(self):
        try:
            return self.rfile.readline()
        except ConnectionResetError:
            return b""

    def say(self, text):
        # A sender that was killed no longer listens.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(f"{text}\r\n".encode())
