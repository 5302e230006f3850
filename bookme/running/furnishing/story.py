"""The bookings of the demo's story: what is over, what others booked before, what is booked now."""

from bookme.running.furnishing.visits import Visit

_NEWSLETTER = {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "autumn"}
_TALK = {"utm_source": "conference", "ref": "slides"}
_AGREED = "Yes"


def _intro(company: str, about: str = "", helps: str = "", web: str = "") -> tuple[str, ...]:
    return company, about, helps, web, _AGREED


#: What is over. Its video links are dead.
PAST = (
    Visit("lukasz", "intro", -10, "09:00", answers=_intro("Żubr & Synowie", helps="Strategy")),
    Visit("chidi", "phone", -10, "14:00", 1, phone="+234 803 555 0142"),
    Visit(
        "misaki", "intro", -9, "09:30", 8, answers=_intro("桜デザイン", "採用ページの相談です。")
    ),
    Visit(
        *("alexandros", "walk", -9, "15:00", 4),
        guests=("ines",),
        notes="Knows the whole team. Ask about the island next time.",
    ),
    Visit("zoe", "intro", -8, "10:00", 5, 60, _intro("Fjord ApS", helps="Design, Hiring")),
    Visit("joao", "office-hour", -8, "17:30", 2),
    Visit(
        *("renee", "deep-dive", -7, "13:00", 6),
        answers=("Our onboarding loses one customer in three.", "4", "No"),
        source=_TALK,
    ),
    Visit("minjun", "phone", -7, "09:15", 1, phone="+82 2-555-0187", is_no_show=True),
    Visit("priya", "intro", -6, "11:00", 9, 15, _intro("Nila Labs"), source=_NEWSLETTER),
    Visit("olafur", "lecture", -6, "17:00", 7, words="About 40 students, mostly first-years."),
    Visit(
        *("khai", "intro", -5, "10:00", 3),
        answers=_intro("Sông Xanh", "Cần tư vấn chiến lược.", "Strategy"),
        cancelled="We found somebody nearer to us. Thank you!",
    ),
    Visit("ines", "phone", -5, "13:30", 0.5, phone="+33 1 99 00 12 34"),
    Visit("yael", "intro", -4, "09:00", 4, answers=_intro("גלים", "אתר חדש לעמותה"), source=_TALK),
    Visit(
        *("sam", "deep-dive", -4, "13:00", 5),
        answers=("I want to sell you a tool.", "1", "Yes"),
        declined="I don't take sales meetings. Good luck with it.",
    ),
    Visit("layla", "office-hour", -3, "18:00", 1.5, words="سؤال قصير عن الأسعار"),
    Visit(
        *("chidi", "intro", -4, "14:00", 6),
        answers=_intro("Ọ̀ṣun Foods", "Follow-up to our call", "Hiring"),
        moved_to=(-3, "10:00"),
        notes="Sends numbers until Friday.",
    ),
    Visit("zoe", "walk", -2, "14:00", 5, guests=("olafur", "lukasz")),
    Visit("renee", "intro", -2, "09:30", 2, 60, _intro("Maple & Moss"), source=_NEWSLETTER),
    Visit("priya", "phone", -1, "09:00", 1, phone="+91 80 5550 0199"),
    Visit("joao", "intro", -1, "11:00", 4, answers=_intro("Café do Vale"), is_no_show=True),
)
#: What others have booked by now, and is still to come: nothing of it needs a video link.
BEFORE = (
    Visit("ines", "phone", 1, "13:00", 2, phone="+33 1 99 00 12 34"),
    Visit("alexandros", "walk", 2, "09:00", 3, guests=("zoe",), moved_to=(3, "14:00")),
    Visit("khai", "walk", 4, "10:00", 1, cancelled="My flight was cancelled."),
    Visit(
        *("misaki", "phone", 5, "09:30", 4),
        phone="+81 3-5550-0123",
        asked="My train leaves earlier that day. Could you pick another time?",
    ),
)
#: What is booked while the demo starts: real mails, meetings and calendar entries follow.
NOW = (
    Visit(
        *("layla", "intro", 0, "00:00"),
        answers=_intro("دار النيل", "هوية بصرية جديدة", "Design", "https://nile.example"),
        source=_NEWSLETTER,
    ),
    Visit("sam", "intro", 1, "15:00", answers=_intro("Redwood Labs"), guests=("renee", "priya")),
    Visit(
        *("yael", "deep-dive", 2, "13:00"),
        answers=("אנחנו מאבדים לקוחות בשלב התשלום.", "3", "Yes"),
        is_open=True,
    ),
    Visit("lukasz", "office-hour", 1, "18:00"),
    Visit("minjun", "intro", 3, "09:00", minutes=60, answers=_intro("한빛", "채용 계획", "Hiring")),
    Visit("joao", "intro", 4, "14:00", answers=_intro("Café do Vale", "Second try")),
    Visit("olafur", "lecture", 6, "17:00", words="The same group as last time."),
    Visit("priya", "deep-dive", 7, "10:00", answers=("Pricing for three markets.", "2", "No")),
    Visit("zoe", "office-hour", 2, "17:00", is_open=True),
)
