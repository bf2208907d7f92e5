"""What is asked of a new password beyond Django's own checks."""

from django.contrib.auth.password_validation import MinimumLengthValidator


class LengthValidator(MinimumLengthValidator):
    """Django's check of the length, in Chinese: its own sentence is not translated."""

    def get_error_message(self) -> str:
        """What a user reads whose password is too short."""
        return f"密码太短，至少要有 {self.min_length} 位。"

    def get_help_text(self) -> str:
        """The same as a hint."""
        return f"密码至少要有 {self.min_length} 位。"
