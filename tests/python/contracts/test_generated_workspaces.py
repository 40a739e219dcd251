"""What the check accepts can be worked out; what it refuses is set aside."""

import generated_workspaces
import projects
import pytest

from coupling.contracts import gate
from coupling.engine.stored import evaluate_stored
from coupling.refresh.aside import Aside

# make test-faults draws 300
DRAWN = 6


@pytest.mark.parametrize("seed", range(DRAWN))
def test_a_workspace_that_the_check_accepts_can_be_worked_out(
    seed, tmp_path, monkeypatch
):
    monkeypatch.setenv("COUPLING_WORKSPACE", str(tmp_path / "workspace"))
    paths = projects.TargetAside(aside=tmp_path)
    said = generated_workspaces.draw(seed, paths.workspace)
    findings = gate.check_seeds(paths.seeds, paths.workspace)
    if findings:
        # by file and row, and what is wrong is taken out until the rest passes
        assert all(finding.row and finding.found for finding in findings), findings
        aside = Aside(paths)
        assert aside.sort_out()[0] == [] and aside.items
        assert gate.check_seeds(paths.seeds, aside.folder) == []
        return
    degrees = evaluate_stored(paths, generated_workspaces.study_id(seed)).table(
        "fct_coupling"
    )
    assert len(degrees) > 0, said
    computed = degrees["status"] == "computed"
    assert degrees.loc[computed, "coupling_coordination_degree"].between(0, 1).all()
    assert degrees.loc[~computed, "status_reason"].notna().all(), said
