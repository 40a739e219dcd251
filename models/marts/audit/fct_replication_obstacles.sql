-- The eight largest obstacles that paper 01 prints for a year against ours. How many of
-- the eight have figures here at all, and the coverage, stand beside it.
with published as (
    select * from {{ ref('stg_published__paper_01_obstacles') }}
),

studies as (
    select * from {{ ref('stg_studies__studies') }}
    where paper_id = '01'
),

indicators as (
    select * from {{ ref('stg_studies__indicators') }}
),

rankings as (
    select * from {{ ref('fct_obstacle_rankings') }}
    where region_code = 'ALL' and level = 'indicator'
),

coverage as (
    select * from {{ ref('qc_study_coverage') }}
),

years as (
    select distinct
        rankings.study_id,
        rankings.method_id,
        rankings.year,
        rankings.method_id = studies.default_method_id as is_default_method
    from rankings
    inner join studies on rankings.study_id = studies.study_id
),

paired as (
    select
        years.study_id,
        years.method_id,
        years.is_default_method,
        years.year,
        coalesce(indicators.is_computed, false) as has_figures,
        indicators.coverage_status,
        published.obstacle_rank as printed_rank,
        rankings.obstacle_rank,
        rankings.obstacle_degree
    from years
    inner join published on years.year = published.year
    left join indicators
        on
            years.study_id = indicators.study_id
            and published.indicator_id = indicators.indicator_id
    left join rankings
        on
            years.study_id = rankings.study_id
            and years.method_id = rankings.method_id
            and years.year = rankings.year
            and published.indicator_id = rankings.item_id
),

-- ranks among the printed ones that are ranked here too
ranked as (
    select
        study_id,
        method_id,
        year,
        {{ mean_rank('-printed_rank', ['study_id', 'method_id', 'year']) }}
        - (count(*) over (partition by study_id, method_id, year) + 1) / 2.0
            as printed_rank,
        {{ mean_rank('obstacle_degree', ['study_id', 'method_id', 'year']) }}
        - (count(*) over (partition by study_id, method_id, year) + 1) / 2.0 as our_rank
    from paired
    where obstacle_rank is not null
),

correlated as (
    select
        study_id,
        method_id,
        year,
        {{ centred_correlation('printed_rank', 'our_rank') }} as spearman_correlation
    from ranked
    group by study_id, method_id, year
),

counted as (
    select
        study_id,
        method_id,
        is_default_method,
        year,
        count(*) as printed_count,
        count(*) filter (where has_figures) as with_figures_count,
        count(*) filter (where coverage_status = 'proxy') as proxy_count,
        count(*) filter (where obstacle_rank is not null) as compared_count,
        count(*) filter (where obstacle_rank <= 8) as overlap_count
    from paired
    group by study_id, method_id, is_default_method, year
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
        correlated.spearman_correlation,
        coverage.paper_indicators,
        coverage.computed_share
    from counted
    inner join coverage on counted.study_id = coverage.study_id
    left join correlated
        on
            counted.study_id = correlated.study_id
            and counted.method_id = correlated.method_id
            and counted.year = correlated.year
)

select * from final
