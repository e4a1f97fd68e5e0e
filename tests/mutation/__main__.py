"""`python -m tests.mutation`: tries every mutant of shared/core and writes docs/mutation.md.

`again`, with names of modules or without, tries only what lived or was changed since: what was killed stays killed.
"""

import sys

from tests.mutation.mutants import mutants
from tests.mutation.report import DOCUMENT, document, outlived, problems, reasons, share
from tests.mutation.run import run_again, run_all


def main(arguments: list[str]) -> int:
    if arguments:
        run_again(arguments[1:])
    else:
        run_all()
    found, why = mutants(), reasons()
    wrong = problems(found, why)
    said = [f"a reason is not needed any more: {key}" for key in outlived(found, why)] + wrong
    sys.stdout.write("\n".join([*said, f"{share(found):.1%} of {len(found)} mutants killed\n"]))
    if not wrong:
        DOCUMENT.write_text(document(found, why))
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:2] not in ([], ["again"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
