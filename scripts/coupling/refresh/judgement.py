"""Great Expectations beside a refresh: figures while dbt builds, then the new marts."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from coupling import expectations
from coupling.base.failures import ExitCode, RefreshError
from coupling.refresh.work import Work


class Judgement:
    """Suites run in a process of their own; an error of theirs stops the refresh."""

    def __init__(self, work: Work):
        """Prepare to judge for a run at work."""
        self.work = work
        self.outcomes: list[expectations.Outcome] = []

    def __enter__(self) -> "Judgement":
        """Start judging the figures."""
        self.background = expectations.Background().__enter__()
        self.figures = self.background.submit(
            expectations.guard_inputs, self.work.paths
        )
        return self

    def __exit__(self, *_) -> None:
        """End the process, whatever it is doing."""
        self.background.__exit__()

    def beside(
        self, progress: Callable[[int, int], None]
    ) -> Callable[[int, int], None]:
        """Return a progress that ends the build once the figures have failed."""

        def advance(done: int, total: int) -> None:
            progress(done, total)
            if self.figures.done():
                self.passed(self.figures, ExitCode.INPUTS)

        return advance

    def of_marts(self, before: Path | None) -> None:
        """Wait for the figures, judge the marts, and write all checks into them."""
        marts = self.background.submit(
            expectations.guard_marts, self.work.database, before, self.work.paths
        )
        self.outcomes = [
            self.passed(self.figures, ExitCode.INPUTS),
            self.passed(marts, ExitCode.RESULTS),
        ]
        expectations.record(self.work.database, self.outcomes, self.work.paths.project)

    def passed(self, found: Future, code: ExitCode) -> expectations.Outcome:
        """Wait for suites and return what they found; raise RefreshError for errors."""
        try:
            outcome = found.result()
        except expectations.BackgroundError as error:
            print(error, file=self.work.log)
            raise RefreshError(
                "the expectations could not be judged; nothing was published",
                ExitCode.RESULTS,
            ) from error
        if not outcome.errors:
            return outcome
        for check in outcome.errors:
            self._say(f"  {check.sentence}. {check.note}")
        failure = RefreshError(
            f"{len(outcome.errors)} expectation(s) failed; nothing was published", code
        )
        failure.files = {}
        for check in outcome.errors:
            if check.suite.startswith("workspace."):
                failure.files.setdefault(check.table_name, check.sentence)
        raise failure

    def tell_warnings(self) -> None:
        """Print what was let through: of the user's files in full, the rest counted.

        What ships is the same at each refresh, so one line says where to read it.
        """
        warnings = [w for found in self.outcomes for w in found.warnings]
        own = [w for w in warnings if w.suite.startswith("workspace.")]
        for warning in own:
            self._say(f"  {warning.sentence}. {warning.note}".rstrip())
        if len(warnings) > len(own):
            of_others = "of shipped figures and of marts"
            self._say(
                f"Expectations let through {len(warnings) - len(own)} warning(s) "
                f"{of_others}: see quality.qc_expectation_results, or "
                "reports/site/expectations/index.html."
            )
        elif not own:
            self._say("All expectations hold.")

    def _say(self, text: str) -> None:
        self.work.console.print(text, markup=False, highlight=False, soft_wrap=True)
