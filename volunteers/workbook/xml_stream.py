"""XML of a stranger, read by expat as a stream: no tree, no DTD, no entity, one budget for all parts."""

from pyexpat import ExpatError, ParserCreate

from .findings import WorkbookRefused

CHUNK = 64 * 1024
MOST_ELEMENTS = 2_500_000
MOST_DEPTH = 40
MOST_SMALL = 20_000
LARGEST_SMALL = 4 * 1024 * 1024
BROKEN_XML = "Nội dung bên trong tệp bị hỏng, không đọc được."
COPY_ROWS = "Chép các dòng sang mẫu mới tải từ cổng rồi tải lên lại."
TOO_MUCH = (
    "Tệp có quá nhiều ô (kể cả ô trống có định dạng) nên không đọc.",
    "Xóa dòng, cột trống thừa ở cuối trang tính, hoặc chép các dòng vào mẫu mới tải từ cổng.",
)


class Budget:
    """How many elements may still be read from the file."""

    def __init__(self):
        self.left = MOST_ELEMENTS

    def spend(self, elements):
        self.left -= elements
        if self.left < 0:
            raise WorkbookRefused(*TOO_MUCH)


def make_parser(start, end):
    """An expat parser with those handlers: names as «namespace local», documents with a DTD refused."""
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse_dtd
    return parser


def refuse_dtd(*_):
    raise WorkbookRefused("Tệp có khai báo DTD, ENTITY không an toàn nên không đọc.", COPY_ROWS)


def chunks(stream):
    return iter(lambda: stream.read(CHUNK), b"")


def feed(parser, chunk, final=False):
    try:
        parser.Parse(chunk, final)
    except (ExpatError, LookupError, ValueError) as error:
        if isinstance(error, WorkbookRefused):
            raise
        raise WorkbookRefused(BROKEN_XML, COPY_ROWS) from error


def parse_small(stream, budget):
    """[(local name, attributes)] of a short part, in order; attributes keep their namespace."""
    found, depth = [], 0

    def start(name, attributes):
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH or len(found) >= MOST_SMALL:
            raise WorkbookRefused(*TOO_MUCH)
        found.append((name.rpartition(" ")[2], attributes))

    def end(_):
        nonlocal depth
        depth -= 1

    parser = make_parser(start, end)
    size = 0
    for chunk in chunks(stream):
        size += len(chunk)
        if size > LARGEST_SMALL:
            raise WorkbookRefused(*TOO_MUCH)
        feed(parser, chunk)
    feed(parser, b"", True)
    budget.spend(len(found))
    return found
