"""What a schedule asks its bookers."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.schedule import Schedule
from bookme.models.types import Choice


class QuestionKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    ONE = "one"  # of several choices
    SEVERAL = "several"  # of several choices
    NUMBER = "number"
    PHONE = "phone"
    WEB = "web"
    TICK = "tick"  # a checkbox that must be ticked, such as for terms


class Question(Model):
    """One question of a schedule. Bookings keep what was asked and answered, not the question.

    :ivar name: what an address calls it, such as ``company`` in ``?company=Acme``; unique within
        the schedule.
    :ivar choices: of the kinds that have some, in order.
    """

    __tablename__ = "question"
    __table_args__ = (sa.UniqueConstraint("schedule_id", "name", name="uq_question_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(sa.ForeignKey("schedule.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(Choice(QuestionKind))
    name: Mapped[str] = mapped_column(sa.String(60))
    label: Mapped[str] = mapped_column(sa.String(200))
    help: Mapped[str] = mapped_column(sa.String(300), default="")
    required: Mapped[bool] = mapped_column(default=False)
    choices: Mapped[list[str]] = mapped_column(sa.JSON, default=list)

    schedule: Mapped[Schedule] = relationship(back_populates="questions")
