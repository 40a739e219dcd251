-- The largest obstacles that a paper prints against ours: for each region that it
-- prints and for all of them together. How many of the printed have figures here at
-- all, and the coverage, stand beside it.
{%- set keys = ['study_id', 'method_id', 'region_code', 'printed_year'] %}
with paired as (
    select * from {{ ref('int_obstacles_beside_print') }}
),

coverage as (
    select * from {{ ref('qc_study_coverage') }}
),

-- ranks among the printed ones of a region that are ranked here too, around their mean
ranked as (
    select
        study_id,
        method_id,
        region_code,
        printed_year,
        indicator_id,
        {{ mean_rank('-printed_rank', keys) }}
        - (count(*) over (partition by {{ keys | join(', ') }}) + 1) / 2.0
            as printed_place,
        {{ mean_rank('obstacle_degree', keys) }}
        - (count(*) over (partition by {{ keys | join(', ') }}) + 1) / 2.0 as our_place
    from paired
    where obstacle_rank is not null
),

placed as (
    select
        paired.*,
        ranked.printed_place,
        ranked.our_place
    from paired
    left join ranked
        on
            paired.study_id = ranked.study_id
            and paired.method_id = ranked.method_id
            and paired.region_code = ranked.region_code
            and paired.printed_year = ranked.printed_year
            and paired.indicator_id = ranked.indicator_id
),

scopes as (
    select
        *,
        region_code as scope_code
    from placed
    union all
    select
        *,
        'ALL' as scope_code
    from placed
    where region_code <> 'ALL'
),

counted as (
    select
        study_id,
        method_id,
        is_default_method,
        scope_code as region_code,
        year,
        printed_year,
        count(distinct region_code) as region_count,
        count(*) as printed_count,
        count(*) filter (where has_figures) as with_figures_count,
        count(*) filter (where coverage_status = 'proxy') as proxy_count,
        count(*) filter (where obstacle_rank is not null) as compared_count,
        count(*) filter (where obstacle_rank <= listed_count) as overlap_count,
        {{ centred_correlation('printed_place', 'our_place') }} as spearman_correlation
    from scopes
    group by
        study_id, method_id, is_default_method, scope_code, year, printed_year
),

final as (
    select
        counted.study_id,
        counted.method_id,
        counted.is_default_method,
        counted.year,
        cast(counted.printed_count as int) as printed_count,
        cast(counted.with_figures_count as int) as with_figures_count,
        cast(counted.proxy_count as int) as proxy_count,
        cast(counted.overlap_count as int) as overlap_count,
        cast(counted.compared_count as int) as compared_count,
        counted.spearman_correlation,
        coverage.paper_indicators,
        coverage.computed_share,
        counted.region_code,
        counted.printed_year,
        cast(counted.region_count as int) as region_count
    from counted
    inner join coverage on counted.study_id = coverage.study_id
)

select * from final
