"""What units of the demo do: kinds of activities with how many come, as far as such evenings go."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Script:
    """One kind of activity: its words, where it belongs, and (least, most) attendances by group."""

    kind: str
    title: str
    places: tuple
    content: str
    sector: str
    groups: dict
    result: str
    teams: tuple = ("digital_society",)
    value: int = 0


MARK = " (Số liệu minh họa.)"
HALLS = ("Nhà văn hóa trung tâm", "Nhà văn hóa khu phố 2", "Hội trường UBND xã", "Nhà văn hóa ấp 3")
UNIT_SCRIPTS = (
    Script(
        "communication",
        "Tuyên truyền thanh toán không dùng tiền mặt cho tiểu thương",
        ("Chợ trung tâm", "Chợ phiên xã", "Chợ khu phố 1"),
        "N2",
        "finance_banking",
        {"member_youth": (8, 22), "residents": (40, 110)},
        "Hướng dẫn tiểu thương tạo mã QR nhận tiền, đối soát cuối ngày.",
    ),
    Script(
        "communication",
        "Tuyên truyền kỹ năng an toàn trên môi trường số cho học sinh",
        ("Trường THCS", "Trường THPT"),
        "N1",
        "social",
        {"member_youth": (5, 12), "pupils": (40, 120)},
        "Nhận biết tin giả, bảo vệ tài khoản; hỏi đáp cuối buổi.",
    ),
    Script(
        "training",
        "Tập huấn kỹ năng số cho đội hình thanh niên tình nguyện",
        HALLS,
        "N3",
        "general",
        {"member_youth": (18, 40)},
        "Thực hành nộp hồ sơ trực tuyến, xử lý lỗi thường gặp.",
        value=3_500_000,
    ),
    Script(
        "service_guidance",
        "Hướng dẫn người dân nộp hồ sơ dịch vụ công trực tuyến",
        ("Bộ phận một cửa UBND xã", "Bộ phận một cửa UBND phường", "Nhà văn hóa ấp 5"),
        "N7",
        "public_admin",
        {"member_youth": (4, 10), "residents": (20, 75), "enterprises": (0, 4)},
        "Tạo tài khoản, nộp hồ sơ tại chỗ cho người dân.",
        teams=("public_admin", "digital_society"),
    ),
    Script(
        "product_digitising",
        "Hỗ trợ thanh niên đưa nông sản lên sàn thương mại điện tử",
        ("Hợp tác xã nông nghiệp", "Trang trại thanh niên", "Hội trường UBND xã"),
        "N6",
        "agriculture",
        {"member_youth": (6, 12), "young_entrepreneurs": (3, 10), "enterprises": (1, 4)},
        "Chụp ảnh, viết mô tả, tạo mã QR truy xuất nguồn gốc cho sản phẩm.",
        value=5_000_000,
    ),
)
LAUNCH = Script(
    "launch",
    "Ra quân Ngày Thanh niên với chuyển đổi số",
    ("Trung tâm Văn hóa", "Quảng trường trung tâm"),
    "N1",
    "social",
    {
        "member_youth": (60, 140),
        "pupils": (30, 90),
        "young_entrepreneurs": (2, 8),
        "residents": (50, 140),
        "enterprises": (1, 5),
    },
    "Ra quân đồng loạt; tạo tài khoản dịch vụ công, hỗ trợ nộp hồ sơ trực tuyến cho người dân.",
    value=12_000_000,
)
CENTRE = Script(
    "service_guidance",
    "Hỗ trợ người dân, doanh nghiệp tại Trung tâm Phục vụ hành chính công tỉnh",
    ("Trung tâm Phục vụ hành chính công tỉnh",),
    "N7",
    "public_admin",
    {"member_youth": (6, 12), "residents": (60, 160), "enterprises": (5, 20)},
    "Trực hướng dẫn lấy số, tạo tài khoản, nộp hồ sơ trực tuyến.",
    teams=("public_admin",),
)
BUSINESS = Script(
    "business_support",
    "Tập huấn hỗ trợ doanh nghiệp trẻ tiếp cận chuyển đổi số",
    ("Hội trường Tỉnh Đoàn",),
    "N6",
    "general",
    {"member_youth": (10, 20), "young_entrepreneurs": (35, 60), "enterprises": (25, 40)},
    "Giới thiệu hóa đơn điện tử, bán hàng trên sàn, quản trị trên nền tảng số.",
    value=25_000_000,
)
PROGRAMMES = (
    Script(
        "programme",
        "Cuộc thi Tuổi trẻ sáng tạo số",
        ("Trường Cao đẳng (minh họa)",),
        "N6",
        "social",
        {"member_youth": (90, 160), "pupils": (80, 150)},
        "Chung kết mười hai sản phẩm số của đoàn viên, học sinh.",
        value=40_000_000,
    ),
    Script(
        "programme",
        "Chương trình Thanh niên học và dùng công cụ số",
        ("Hội trường Tỉnh Đoàn",),
        "N6",
        "general",
        {"member_youth": (120, 180)},
        "Bốn chuyên đề thực hành cho cán bộ Đoàn, đoàn viên.",
        value=18_000_000,
    ),
)
PEAK_DAY = Script(
    "service_guidance",
    "Ngày cao điểm hỗ trợ dịch vụ công trực tuyến",
    ("Bộ phận một cửa", "Nhà văn hóa trung tâm"),
    "N7",
    "public_admin",
    {"member_youth": (15, 30), "residents": (60, 140), "enterprises": (2, 8)},
    "Huy động đội hình trực tại các xã, phường.",
    teams=("public_admin", "digital_society"),
)
PLAN_TEXT = (
    "1. Lực lượng: đội hình của đơn vị, mỗi xã 5 đoàn viên.\n"
    "2. Nội dung: tạo tài khoản, nộp hồ sơ trực tuyến, thanh toán phí không dùng tiền mặt.\n"
    "3. Phân công: đ/c Phó Bí thư phụ trách chung; mỗi điểm một nhóm trưởng.\n"
    "4. Phương án khi mất mạng: ghi phiếu, nộp thay trong ngày. (Minh họa.)"
)
