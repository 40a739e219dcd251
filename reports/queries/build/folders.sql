-- One row per folder of input files of a run: files, and files changed.
select
    case when contains(file, '/') then split_part(file, '/', 1) else '.' end as folder,
    count(*) filter (where change <> 'removed') as file_count,
    count(*) filter (where change <> 'same') as changed_count
from marts.fct_run_inputs
where run_id = $run_id
group by folder
order by folder
