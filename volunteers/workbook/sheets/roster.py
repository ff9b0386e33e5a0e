"""The roster of a team in Excel: the fewest fields of people, their time in the team, guardians' consent."""

from datetime import timedelta

from ...models import Gender
from ...roster import EARLIEST
from ..columns import BirthYear, Choice, Day, PersonName, Phone, Text
from ..definition import Definition

KIND = "danh-sach"
ONE_DAY = timedelta(days=1)
DETAILS = ("full_name", "birth_year", "gender", "position", "workplace", "phone")
DEFINITION = Definition(
    kind=KIND,
    title="Danh sách thành viên đội hình",
    sheet="Danh sách",
    columns=(
        PersonName(
            "full_name",
            "Họ và tên",
            28,
            required=True,
            help="Ghi đủ họ, tên đệm và tên, có dấu.",
            example="Nguyễn Thị Lan",
            aliases=("Họ tên", "Họ và tên đệm, tên", "Tên"),
        ),
        BirthYear(
            "birth_year",
            "Năm sinh",
            10,
            required=True,
            help="Chỉ cần năm. Nếu ghi cả ngày sinh, cổng chỉ lấy năm.",
            example="1998",
            aliases=("Ngày sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "NS"),
        ),
        Choice(
            "gender",
            "Giới tính",
            10,
            help="Nam hoặc Nữ.",
            example="Nữ",
            aliases=("Nam/Nữ", "Phái"),
            choices=tuple(Gender.choices),
            also=(("M", "male"), ("F", "female")),
        ),
        Text(
            "position",
            "Chức vụ",
            22,
            help="Chức vụ Đoàn hoặc nghề nghiệp.",
            example="Phó Bí thư Chi đoàn",
            aliases=("Chức vụ, nghề nghiệp", "Chức danh"),
            longest=120,
            personal=True,
        ),
        Text(
            "workplace",
            "Đơn vị công tác",
            28,
            help="Nơi công tác, học tập hoặc chi đoàn.",
            example="Đoàn xã Lộc Hiệp",
            aliases=("Đơn vị công tác, học tập", "Nơi công tác", "Đơn vị", "Chi đoàn", "Chức vụ/đơn vị"),
            longest=200,
            personal=True,
        ),
        Phone(
            "phone",
            "Số điện thoại",
            16,
            help="9 đến 11 chữ số, bắt đầu bằng 0. Chỉ một số.",
            example="0912 345 678",
            aliases=("Điện thoại", "SĐT", "SDT", "Số ĐT", "ĐT"),
        ),
        Text(
            "role",
            "Vai trò",
            18,
            help="Vai trò trong đội; để trống là thành viên.",
            example="Phụ trách điểm trực",
            aliases=("Vai trò trong đội", "Nhiệm vụ"),
            longest=80,
            personal=True,
        ),
        Day(
            "joined",
            "Từ ngày",
            13,
            help="Ngày vào đội. Để trống: lấy ngày ghi khi tải tệp lên.",
            example="24/2/2023",
            aliases=("Ngày vào đội", "Tham gia từ ngày"),
            first=EARLIEST,
        ),
        Day(
            "last_day",
            "Đến hết ngày",
            13,
            help="Ngày cuối cùng còn trong đội. Để trống khi đang trong đội.",
            example="31/5/2023",
            aliases=("Đến ngày", "Ngày cuối"),
            first=EARLIEST,
        ),
        Text(
            "basis",
            "Căn cứ",
            26,
            help="Quyết định, danh sách bổ sung …",
            example="QĐ 05-QĐ/ĐTN ngày 24/2/2023",
            aliases=("Quyết định", "Căn cứ vào đội"),
            longest=200,
        ),
        PersonName(
            "guardian_name",
            "Người giám hộ đồng ý",
            26,
            help="Họ tên cha mẹ hoặc người giám hộ đã đồng ý; bắt buộc với người có thể chưa đủ 16 tuổi.",
            example="Trần Văn Hòa",
            aliases=("Người giám hộ", "Cha mẹ, người giám hộ"),
        ),
        Day(
            "guardian_on",
            "Ngày đồng ý",
            13,
            help="Ngày người giám hộ đồng ý.",
            example="20/2/2023",
            aliases=("Ngày giám hộ đồng ý",),
            first=EARLIEST,
        ),
    ),
    notes=(
        "Mỗi người một dòng, không gộp ô, không dùng công thức.",
        "Cột ẩn «Mã (không sửa)» cho biết dòng thuộc về ai; người mới để trống mã.",
        "Người có trong cổng mà không có trong tệp vẫn ở lại danh sách. Ai rời đội: ghi «Đến hết ngày».",
        "Không ghi dân tộc, tôn giáo, đảng viên, số căn cước, ảnh: cổng không thu thập và sẽ bỏ qua.",
        "Chỉ ghi người đã được thông báo mục đích và đã đồng ý có tên trong danh sách.",
    ),
)
