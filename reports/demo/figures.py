"""Believable texts and figures, as a secretary would type them; one seed gives one history."""

import random
from dataclasses import dataclass

from doanportal.formats import format_number
from plans.turns import is_in_turn

HIGHLIGHTS = (
    "Đội hình hướng dẫn người dân tạo tài khoản và nộp hồ sơ trực tuyến tại bộ phận một cửa các xã vào sáng "
    "thứ Ba, thứ Năm hằng tuần. Nhiều hộ lần đầu tự nộp hồ sơ bằng điện thoại.",
    "Tổ chức hai buổi tuyên truyền thanh toán không dùng tiền mặt tại chợ trung tâm; hướng dẫn tiểu thương "
    "tạo mã QR nhận tiền và đối soát cuối ngày.",
    "Phối hợp phòng chuyên môn huyện tập huấn kỹ năng số cho thanh niên làm chủ trang trại; hỗ trợ chụp ảnh, "
    "viết mô tả và đưa sản phẩm lên sàn thương mại điện tử.",
    "Ra quân ngày thứ Bảy tình nguyện giải quyết thủ tục hành chính; trực tại nhà văn hóa ấp để hỗ trợ người "
    "lớn tuổi cài đặt định danh điện tử.",
)
GOOD_MODELS = (
    "“Cà phê số” sáng Chủ nhật: đoàn viên ngồi cùng bàn với người dân, hướng dẫn từng bước.",
    "“Mỗi chi đoàn một mã QR”: dán mã hướng dẫn dịch vụ công tại nhà văn hóa.",
    "",
    "",
)
DIFFICULTIES = (
    "Một số ấp sóng yếu, người dân tạo tài khoản phải chờ lâu; thiếu máy tính bảng khi đi cơ sở.",
    "Người lớn tuổi chưa có điện thoại thông minh, phải nhờ con cháu nên khó theo dõi kết quả.",
    "Cán bộ Đoàn xã kiêm nhiệm nhiều việc, khó bố trí trực cố định hằng tuần.",
    "",
    "",
)
NEXT_MONTH = (
    "Tiếp tục trực hỗ trợ dịch vụ công tại bộ phận một cửa; mỗi xã tổ chức ít nhất một buổi tuyên truyền.",
    "Tập huấn kỹ năng số cho đội hình cấp xã; rà soát sản phẩm OCOP của thanh niên để số hóa.",
    "Ra quân hỗ trợ người dân thanh toán học phí, viện phí không dùng tiền mặt.",
)

BEHIND = {"T6": 0.5, "T7": 0.4, "T12": 0.6}  # so that a demo shows targets behind their pace, too


@dataclass
class UnitStory:
    """The growing figures of one unit over a year."""

    chance: random.Random
    denominators: dict
    shares: dict

    @classmethod
    def begin(cls, seed, targets):
        chance = random.Random(seed)  # noqa: S311 - illustrative data, no secret
        sizes = {"T1": 320, "T6": 30, "T7": 60, "T8": 6, "T9": 42000, "T10": 900, "T11": 2400, "T12": 31000}
        sizes |= {"T13": 1500, "T19": 2600}
        ratios = [target for target in targets if target.is_ratio]
        return cls(
            chance=chance,
            denominators={
                target.code: max(3, round(sizes.get(target.code, 200) * chance.uniform(0.6, 1.4)))
                for target in ratios
            },
            shares={target.code: chance.uniform(0.04, 0.2) * float(target.goal) / 100 for target in ratios},
        )

    def pair(self, target):
        """The next cumulative pair: it grows, seldom past the whole."""
        goal = float(target.goal) / 100
        growth = self.chance.uniform(0.14, 0.3) * goal * BEHIND.get(target.code, 1)
        self.shares[target.code] = min(0.98, self.shares[target.code] + growth)
        whole = self.denominators[target.code]
        return min(whole, round(whole * self.shares[target.code])), whole

    def raw_targets(self, targets, month):
        """{name: text} for the targets whose turn it is."""
        raw = {}
        for target in targets:
            if not is_in_turn(target, month):
                continue
            if target.is_ratio:
                numerator, denominator = self.pair(target)
                raw[f"{target.code}.numerator"] = format_number(numerator)
                raw[f"{target.code}.denominator"] = format_number(denominator)
                raw[f"{target.code}.reason"] = ""
            else:
                raw[f"{target.code}.amount"] = format_number(self.flow(target.code))
            if target.estimate:
                raw[f"{target.code}.method"] = "Khảo sát nhanh 200 hộ, suy rộng"
                raw[f"{target.code}.source"] = "Số liệu các xã, thị trấn; niên giám thống kê"
        return raw

    def flow(self, code):
        if code == "T5":
            return self.chance.randint(40, 110)
        if code == "T15":
            return 1 if self.chance.random() < 0.03 else 0
        return 1 if self.chance.random() < 0.2 else 0

    def raw_fields(self):
        """{section code: {name: text}} of the monthly report's questions."""
        teams = self.chance.randint(4, 12)
        difficulties = self.chance.choice(DIFFICULTIES)
        return {
            "teams": {
                "f.active_teams": str(teams),
                "f.team_members": format_number(teams * self.chance.randint(9, 22)),
                "f.sessions": str(self.chance.randint(3, 14)),
                "f.people_helped": format_number(self.chance.randint(120, 1400)),
                "f.highlights": self.chance.choice(HIGHLIGHTS),
                "f.good_model": self.chance.choice(GOOD_MODELS),
            },
            "difficulties": {"f.difficulties": difficulties} if difficulties else {"nil": "on"},
            "next": {"f.next_month": self.chance.choice(NEXT_MONTH)},
        }

    def raw_launch(self):
        """{name: text} of the six launch figures and the launch report's questions."""
        chance = self.chance
        return {
            "f.place": chance.choice(
                ("Trung tâm Văn hóa huyện", "Bộ phận một cửa UBND thị trấn", "Quảng trường 23/3")
            ),
            "f.places": "Lễ ra quân tại trung tâm; các xã ra quân tại nhà văn hóa xã.",
            "f.started_at": "7:30",
            "f.held_on": "18/3",
            "f.attendance": "Lãnh đạo địa phương, Ban Thường vụ Đoàn và đông đảo đoàn viên thanh niên.",
            "f.participants": str(chance.randint(80, 320)),
            "f.launched_teams": str(chance.randint(4, 15)),
            "f.people_guided": str(chance.randint(90, 700)),
            "f.accounts_created": str(chance.randint(30, 260)),
            "f.procedures_helped": str(chance.randint(15, 140)),
            "f.outreach_attendances": format_number(chance.randint(300, 2600)),
            "f.activities": "Tuyên truyền, tạo tài khoản dịch vụ công, hỗ trợ nộp hồ sơ trực tuyến, "
            "giải quyết thủ tục hành chính cho người dân.",
            "f.projects_value": format_number(chance.randint(10, 90) * 1_000_000),
            "f.strengths": "Lực lượng đông, phối hợp tốt với công an và bộ phận một cửa.",
        }
