-- One row per system that has no score in any region and year for want of figures.
select system_id
from marts.fct_system_scores
where study_id = $study_id and is_default_method
group by system_id
having
    count(*) = count(*) filter (
        where status in ('no_usable_indicator', 'no_figures_in_year')
    )
order by system_id
