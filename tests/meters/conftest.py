from tests.metrics.conftest import counting

__all__ = ["counting"]
