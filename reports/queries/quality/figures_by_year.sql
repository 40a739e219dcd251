-- One row per year and quality letter: figures in use.
select
    year,
    quality,
    count(*) as figure_count
from marts.fct_observations
group by year, quality
order by year, quality
