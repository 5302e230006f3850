"""How much work an entry may cause: a rule can ask for more than anybody could wait for."""


class OverBudget(Exception):
    """What was left of a budget is spent."""


class Budget:
    """Steps that may be taken, counted and not timed, so that an answer never depends on how busy
    the machine is.

    :param whole: the budget that this one is a part of.
    """

    def __init__(self, most: int, whole: "Budget | None" = None) -> None:
        self.left = most
        self._whole = whole

    def spend(self, steps: int = 1) -> None:
        """Take some steps.

        :raises OverBudget: if there are not as many left, here or in the whole.
        """
        self.left -= steps
        if self._whole is not None:
            self._whole.spend(steps)
        if self.left < 0:
            raise OverBudget
