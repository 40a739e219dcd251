-- One row, or none: how much of the study's catalogue the figures carry.
--
-- Of the missing cells, `blank_year_cells` are of years without any figure and
-- `meaningless_cells` are values without a meaning.
select
    coverage.*,
    (
        select count(*) from marts.fct_indicator_values as cells
        inner join marts.dim_studies as studies
            on
                cells.study_id = studies.study_id
                and cells.method_id = studies.default_method_id
        where
            cells.study_id = $study_id
            and cells.status = 'no_figures_in_year'
    ) as blank_year_cells,
    (
        select count(*) from marts.fct_indicator_values as cells
        inner join marts.dim_studies as studies
            on
                cells.study_id = studies.study_id
                and cells.method_id = studies.default_method_id
        where
            cells.study_id = $study_id
            and cells.status = 'base_not_positive'
    ) as meaningless_cells
from quality.qc_study_coverage as coverage
where coverage.study_id = $study_id
