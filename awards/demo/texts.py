"""Words of the demo's awards; whoever is named is marked as an illustration."""

from datetime import date

from awards.models import SubjectKind

TERM = "2022-2027"
RULES = (
    "Tập thể, cá nhân có thành tích tiêu biểu, được đơn vị họp xét và bỏ phiếu. Mỗi tập thể, cá nhân một "
    "hình thức. (Dữ liệu minh họa.)"
)
HALF_YEAR = {
    "name": "Sơ kết 6 tháng, tuyên dương Tháng Thanh niên 2023",
    "achievement": "công tác Đoàn và phong trào thanh thiếu nhi 6 tháng đầu năm, Tháng Thanh niên năm 2023",
    "printed_on": date(2023, 6, 2),
}
SCHEME = {
    "name": "Khen thưởng triển khai Đề án Chuyển đổi số năm 2023",
    "achievement": "triển khai Đề án Chuyển đổi số trong thanh niên năm 2023",
    "printed_on": date(2023, 9, 15),
}
COLLECTIVE, INDIVIDUAL = SubjectKind.COLLECTIVE.value, SubjectKind.INDIVIDUAL.value
# Who proposed whom in June: unit code, kinds of its nominations.
PROPOSED = (
    ("689", (COLLECTIVE, INDIVIDUAL)),
    ("690", (INDIVIDUAL,)),
    ("692", (COLLECTIVE, INDIVIDUAL)),
    ("694", (COLLECTIVE, INDIVIDUAL)),
    ("697", (COLLECTIVE, INDIVIDUAL)),
)
REFUSED = ("690", INDIVIDUAL)
HANDED_IN_EARLY = (("689", (COLLECTIVE, INDIVIDUAL)), ("694", (INDIVIDUAL,)), ("697", (COLLECTIVE,)))
POSITIONS = ("Bí thư Đoàn xã", "Phó Bí thư Đoàn phường", "Ủy viên Ban Chấp hành Đoàn xã", "Bí thư Chi đoàn")
COLLECTIVE_SUMMARY = (
    "Hướng dẫn 1.240 lượt người dân tạo tài khoản dịch vụ công, cài đặt định danh điện tử; tổ chức 6 đợt ra "
    "quân ngày thứ Bảy tình nguyện. (Dữ liệu minh họa.)"
)
INDIVIDUAL_SUMMARY = (
    "Trực tiếp phụ trách đội hình tình nguyện của đơn vị, hướng dẫn 310 lượt người dân nộp hồ sơ trực tuyến, "
    "số hóa 4 sản phẩm của thanh niên. (Dữ liệu minh họa.)"
)
REPORT = (
    "I. SƠ LƯỢC ĐẶC ĐIỂM\n\nNội dung minh họa.\n\nII. THÀNH TÍCH ĐẠT ĐƯỢC\n\n{summary}\n\n"
    "III. CÁC HÌNH THỨC ĐÃ ĐƯỢC KHEN THƯỞNG\n\nGiấy khen của đơn vị năm 2022."
)
HALF_WRITTEN = "II. THÀNH TÍCH ĐẠT ĐƯỢC\n\nHướng dẫn người dân nộp hồ sơ trực tuyến tại bộ phận một cửa"
NOT_YET = "Thời gian tham gia phong trào chưa đủ 12 tháng theo quy định của đợt."
DISCUSSION = "Hội đồng thống nhất đánh giá các hồ sơ đúng quy định, đủ thành phần. (Nội dung minh họa.)"
