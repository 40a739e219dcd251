-- One row per study: its id and years.
select
    study_id,
    first_year,
    last_year
from marts.dim_studies
order by study_id
