-- Printed obstacles and ours of the same year. Where a study has none of the years that
-- the paper prints, the nearest one stands in (the later of two). A study of the paper
-- that has none of its regions has no rows.
with printed as (
    select * from {{ ref('int_printed_obstacles') }}
),

studies as (
    select * from {{ ref('stg_studies__studies') }}
),

indicators as (
    select * from {{ ref('stg_studies__indicators') }}
),

rankings as (
    select * from {{ ref('fct_obstacle_rankings') }}
    where level = 'indicator'
),

years as (
    select distinct
        rankings.study_id,
        studies.paper_id,
        rankings.method_id,
        rankings.method_id = studies.default_method_id as is_default_method,
        rankings.region_code,
        rankings.year
    from rankings
    inner join studies on rankings.study_id = studies.study_id
),

printed_years as (
    select distinct
        paper_id,
        region_code,
        printed_year
    from printed
),

nearest as (
    select
        years.*,
        printed_years.printed_year
    from years
    inner join printed_years
        on
            years.paper_id = printed_years.paper_id
            and years.region_code = printed_years.region_code
    qualify row_number() over (
        partition by
            years.study_id,
            years.method_id,
            years.region_code,
            printed_years.printed_year
        order by abs(years.year - printed_years.printed_year), years.year desc
    ) = 1
),

compared as (
    select * from nearest
    qualify
        year = printed_year
        or count_if(year = printed_year) over (
            partition by study_id, method_id, region_code
        ) = 0
),

final as (
    select
        compared.study_id,
        compared.method_id,
        compared.is_default_method,
        compared.region_code,
        compared.year,
        compared.printed_year,
        printed.indicator_id,
        printed.printed_rank,
        count(*) over (
            partition by
                compared.study_id,
                compared.method_id,
                compared.region_code,
                compared.printed_year
        ) as listed_count,
        coalesce(indicators.is_computed, false) as has_figures,
        indicators.coverage_status,
        rankings.obstacle_rank,
        rankings.obstacle_degree
    from compared
    inner join printed
        on
            compared.paper_id = printed.paper_id
            and compared.region_code = printed.region_code
            and compared.printed_year = printed.printed_year
    left join indicators
        on
            compared.study_id = indicators.study_id
            and printed.indicator_id = indicators.indicator_id
    left join rankings
        on
            compared.study_id = rankings.study_id
            and compared.method_id = rankings.method_id
            and compared.region_code = rankings.region_code
            and compared.year = rankings.year
            and printed.indicator_id = rankings.item_id
)

select * from final
