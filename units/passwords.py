"""Django's rules for passwords in the portal's words; Django's own Vietnamese lacks some and says «bạn»."""

from django.contrib.auth import password_validation


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self):
        return f"Mật khẩu quá ngắn: cần ít nhất {self.min_length} ký tự."

    def get_help_text(self):
        return f"Có ít nhất {self.min_length} ký tự; một câu ngắn dễ nhớ là tốt nhất."


class UnlikeTheAccount(password_validation.UserAttributeSimilarityValidator):
    def get_error_message(self):
        return "Mật khẩu quá giống với %(verbose_name)s."

    def get_help_text(self):
        return "Không giống họ tên, thư điện tử, số điện thoại của đồng chí."


class NotCommon(password_validation.CommonPasswordValidator):
    def get_error_message(self):
        return "Mật khẩu này quá phổ biến, người khác dễ đoán."

    def get_help_text(self):
        return "Không phải mật khẩu nhiều người dùng, như 1234567890."


class NotOnlyDigits(password_validation.NumericPasswordValidator):
    def get_error_message(self):
        return "Mật khẩu chỉ gồm chữ số: hãy thêm chữ."

    def get_help_text(self):
        return "Không chỉ gồm chữ số."
