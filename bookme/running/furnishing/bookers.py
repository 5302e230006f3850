"""Who books with Mara: people from many places, and how they read times."""

from bookme.bookings.new import Booker

_PEOPLE = {
    "sam": ("Sam Whitaker", "America/Los_Angeles", "en_US", 12),
    "renee": ("Renée O’Connor", "America/New_York", "en_US", 12),
    "yael": ("יעל בן־דוד", "Asia/Jerusalem", "he_IL", 24),
    "layla": ("ليلى حداد", "Africa/Cairo", "ar_EG", 12),
    "misaki": ("佐藤 美咲", "Asia/Tokyo", "ja_JP", 24),
    "khai": ("Nguyễn Thị Minh Khai", "Asia/Ho_Chi_Minh", "vi_VN", 24),
    "lukasz": ("Łukasz Wiśniewski", "Europe/Warsaw", "pl_PL", 24),
    "zoe": ("Zoë Müller-Østergård", "Europe/Copenhagen", "de_DE", 24),
    "priya": ("Priya Raghunathan", "Asia/Kolkata", "en_IN", 12),
    "joao": ("João Gonçalves", "America/Sao_Paulo", "pt_BR", 24),
    "olafur": ("Ólafur Þórsson", "Atlantic/Reykjavik", "is_IS", 24),
    "minjun": ("김민준", "Asia/Seoul", "ko_KR", 12),
    "alexandros": ("Αλέξανδρος Παπαδόπουλος", "Europe/Athens", "el_GR", 24),
    "chidi": ("Chidi Ọkọ́nkwọ", "Africa/Lagos", "en_GB", 24),
    "ines": ("Inès Lefèvre", "Europe/Paris", "fr_FR", 24),
}


def named(key: str) -> Booker:
    """One of them."""
    name, zone, locale, clock_hours = _PEOPLE[key]
    return Booker(name, f"{key}@visitors.example", zone, locale, clock_hours)
