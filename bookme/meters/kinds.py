"""The metrics that processes count, and what each may say of a case. Nothing here comes from what
somebody typed or sent: the values of labels are few, and known beforehand.
"""

from typing import Any

from prometheus_client import Counter, Gauge, Histogram

#: Bounds in seconds. Among them stands each budget of a page (:mod:`bookme.web.page_classes`).
OF_PAGES = (0.01, 0.03, 0.1, 0.25, 0.3, 0.5, 1, 2.5, 5, 15)
OF_WAITS = (0.001, 0.01, 0.1, 0.5, 1, 5, 15)
OF_CALLS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)
OF_JOBS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 30, 60)


class Meters:
    """The metrics of a process."""

    def __init__(self) -> None:
        self.requests = _histogram(
            "bookme_request_seconds",
            "Seconds from a whole request to its answer, by class of page and of status",
            ("page", "status"),
            OF_PAGES,
        )
        self.request_waits = _histogram(
            "bookme_request_wait_seconds",
            "Seconds that a whole request has waited for a thread",
            (),
            OF_WAITS,
        )
        self.jobs = _histogram(
            "bookme_job_seconds",
            "Seconds of a job, by kind and outcome",
            ("kind", "outcome"),
            OF_JOBS,
        )
        self.calls = _histogram(
            "bookme_provider_call_seconds",
            "Seconds of a call to a provider, by outcome",
            ("provider", "outcome"),
            OF_CALLS,
        )
        self.mails = _histogram(
            "bookme_mail_seconds",
            "Seconds in which a message was handed to the mail server, by outcome",
            ("outcome",),
            OF_CALLS,
        )
        self.refreshes = Counter(
            "bookme_refreshes_total",
            "Tries to refresh a grant, by outcome",
            ("provider", "outcome"),
            registry=None,
        )
        self.webhooks = Counter(
            "bookme_webhooks_total",
            "What providers told us, by what became of it",
            ("provider", "outcome"),
            registry=None,
        )
        self.breakers = Gauge(
            "bookme_breaker_open_until_seconds",
            "Until when something is left alone after a failure, in seconds since 1970",
            ("breaker",),
            registry=None,
            multiprocess_mode="max",
        )


def _histogram(name: str, words: str, labels: tuple[str, ...], buckets: Any) -> Histogram:
    return Histogram(name, words, labels, buckets=buckets, registry=None)
