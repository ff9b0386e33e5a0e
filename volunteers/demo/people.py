"""Made-up people: common names put together by chance, phones that belong to nobody."""

from itertools import count

from ..people import Details


def words(text):
    return text.split()


FAMILY = words("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Điểu Trương Đinh Mai")
MALE = ("Văn", "Hữu", "Đức", "Minh", "Quốc", "Thanh", "Công", "Xuân", "Anh", "Gia")
FEMALE = ("Thị", "Ngọc", "Thu", "Thanh", "Kim", "Minh", "Phương", "Mỹ", "Hồng", "Bảo")
HIS = words(
    "An Bình Cường Dũng Duy Đạt Giang Hải Hiếu Hùng Huy Khang Khoa Lâm Long Minh Nam Nghĩa Phát Phúc "
    "Quân Sơn Tài Thành Thịnh Tiến Toàn Trí Tuấn Việt"
)
HERS = words(
    "Anh Châu Chi Dung Diễm Giang Hà Hạnh Hân Hiền Hoa Hương Lan Linh Loan Mai My Nga Ngân Nhi Nhung "
    "Oanh Phương Quyên Thảo Thủy Trang Trâm Uyên Yến"
)
POSITIONS = (
    "Bí thư Đoàn xã",
    "Phó Bí thư Đoàn phường",
    "Bí thư Chi đoàn",
    "Đoàn viên",
    "Đoàn viên",
    "Đoàn viên",
    "Giáo viên, Tổng phụ trách",
    "Công chức bộ phận một cửa",
)
WORKPLACES = (
    "Trung tâm Văn hóa",
    "Bộ phận một cửa",
    "Trường THPT",
    "Bưu điện",
    "Chi đoàn Khối cơ quan",
    "Chi đoàn ấp",
    "Chi đoàn khu phố",
    "Trạm Y tế",
)


class Crowd:
    """Draws people, no two of one name and year of birth: a twin would have to be told apart."""

    def __init__(self, chance, year):
        self.chance, self.year = chance, year
        # Past the accounts, which take the numbers from 09000 00001 on.
        self.phones = count(50_001)
        self.drawn = set()

    def person(self):
        """The Details of one more adult of an age for the Union."""
        while True:
            details = self.draw()
            if (details.full_name, details.birth_year) not in self.drawn:
                self.drawn.add((details.full_name, details.birth_year))
                return details

    def draw(self):
        chance = self.chance
        male = chance.random() < 0.5
        middle, given = (MALE, HIS) if male else (FEMALE, HERS)
        return Details(
            full_name=f"{chance.choice(FAMILY)} {chance.choice(middle)} {chance.choice(given)}",
            birth_year=self.year - chance.randint(18, 33),
            gender="male" if male else "female",
            position=chance.choice(POSITIONS),
            workplace=f"{chance.choice(WORKPLACES)} (minh họa)",
            phone=f"09000{next(self.phones):05d}",
        )
