"""Small, wrong changes to the rules that matter; ``make mutants`` shows that tests notice each.

The rules are the promises of ``docs/architecture.md``, in this order:

1. a host is never double-booked; 2. a shown slot is bookable, and a bookable one shown; 3. a
committed booking is never lost nor half-made for long; 4. one booking, one meeting and one entry;
5. one refresh at a time; 6. a refused grant is looked at twice and told once; 7. after a disconnect
nothing is left; 8. nothing secret or personal in logs, jobs and errors; 9. nobody reaches what is
not theirs; 10. every page works without JavaScript, and says the same with it; 11. nothing is lost
silently; 12. only what is ours is deleted or overwritten; 13. no stranger's pace is ours.
"""

from tests.mutants import (
    bookers,
    booking,
    connections,
    entering,
    looking,
    outside,
    pages,
    readers,
    work,
)
from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    *booking.MUTANTS,
    *work.MUTANTS,
    *connections.MUTANTS,
    *pages.MUTANTS,
    *outside.MUTANTS,
    *readers.MUTANTS,
    *entering.MUTANTS,
    *bookers.MUTANTS,
    *looking.MUTANTS,
)
