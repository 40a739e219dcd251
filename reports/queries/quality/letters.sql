-- One row per quality letter, A first: its series and figures in use.
select
    quality,
    count(distinct series_id) as series_count,
    count(*) as figure_count
from marts.fct_observations
group by quality
order by quality
