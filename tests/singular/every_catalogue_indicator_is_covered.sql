-- No indicator of a paper disappears: the statuses of a study add up to its catalogue,
-- and every computed indicator has a value row in every region-year.
with coverage as (
    select * from {{ ref('qc_study_coverage') }}
),

catalogue as (
    select
        study_id,
        count(*) as indicator_count
    from {{ ref('stg_studies__indicators') }}
    group by study_id
)

select
    coalesce(coverage.study_id, catalogue.study_id) as study_id,
    catalogue.indicator_count,
    coverage.paper_indicators
from catalogue
full outer join coverage on catalogue.study_id = coverage.study_id
where
    coverage.paper_indicators is distinct from catalogue.indicator_count
    or coverage.measured + coverage.proxy + coverage.no_series + coverage.excluded
    is distinct from catalogue.indicator_count
    or coverage.observed_cells + coverage.interpolated_cells
    + coverage.carried_cells + coverage.missing_cells
    is distinct from coverage.cells
