"""The meetings of a Zoom account."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bookme.clock import utcnow
from tests.answers import Answer, says

#: The id of the meeting before the first.
_FIRST = 85000000000


@dataclass(kw_only=True)
class Meetings:
    """``meetings`` are those that are there, by id."""

    meetings: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Ids that listings do not show yet.
    unlisted: set[str] = field(default_factory=set)
    made: int = 0

    def only(self) -> dict[str, Any]:
        """The one meeting there is."""
        (meeting,) = self.meetings.values()
        return meeting

    def holds(self, key: str, **fields: Any) -> None:
        """There is a meeting besides those that BookMe has asked for; ``fields`` say more of it."""
        self.meetings[key] = {"id": int(key), "join_url": f"https://zoom.us/j/{key}"} | fields

    def lose(self) -> None:
        """The host deletes every meeting on zoom.us."""
        self.meetings.clear()

    def do_to_meetings(self, call: str, path: str, body: dict[str, Any]) -> Answer:
        """Answer a call that is about meetings."""
        if call == "POST":
            return self._create(body)
        if call == "LIST":
            shown = [m for key, m in self.meetings.items() if key not in self.unlisted]
            return says(200, {"meetings": shown, "next_page_token": ""})
        key = path.rsplit("/", 1)[-1]
        if key not in self.meetings:
            return says(404, {"code": 3001, "message": "Meeting does not exist."})
        if call == "GET":
            return says(200, self.meetings[key])
        if call == "DELETE":
            del self.meetings[key]
        else:
            self.meetings[key] |= body
        return says(204)

    def _create(self, body: dict[str, Any]) -> Answer:
        self.made += 1
        number = _FIRST + self.made
        self.meetings[str(number)] = {
            **body,
            "id": number,
            "join_url": f"https://zoom.us/j/{number}?pwd=x",
            "password": f"pw{number % 1000}",
            "created_at": f"{utcnow():%Y-%m-%dT%H:%M:%SZ}",
        }
        return says(201, self.meetings[str(number)])


def starts_at(meeting: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(meeting["start_time"]).astimezone(UTC)
