-- The shipped studies have as many region-years as they should, regions x years, and
-- each is worked out in full: no row of a method is without a number.
-- A study of which a user has own rows, or figures, is another study.
with expected as (
    select
        listed.study_id,
        listed.region_year_count
    from (
        values
        ('ecommerce_manufacturing_east', 80),
        ('digital_economy_nqp', 240),
        ('digital_economy_nqp_2012_2019', 240),
        ('service_manufacturing', 145),
        ('industrial_transfer', 248),
        ('industrial_transfer_2011_2019', 279),
        ('industrial_transfer_anhui', 80),
        ('finance_economy_cities', 1032),
        ('digital_green_cities', 728),
        ('digital_green_cities_recent', 579)
    ) as listed (study_id, region_year_count)
),

computed as (
    select
        coupling.study_id,
        coupling.method_id,
        count(*) filter (where coupling.status = 'computed') as computed_count
    from {{ ref('fct_coupling') }} as coupling
    inner join {{ ref('stg_studies__methods') }} as methods
        on coupling.method_id = methods.method_id
    where methods.weighting <> 'given' and methods.row_origin = 'shipped'
    group by coupling.study_id, coupling.method_id
),

changed as (
    select study_id from {{ ref('stg_studies__studies') }}
    where row_origin = 'workspace'
    union
    select study_id from {{ ref('stg_studies__systems') }}
    where row_origin = 'workspace'
    union
    select study_id from {{ ref('stg_studies__study_regions') }}
    where row_origin = 'workspace'
    union
    select study_id from {{ ref('stg_studies__indicators') }}
    where row_origin = 'workspace'
    union
    select indicators.study_id
    from {{ ref('stg_studies__indicators') }} as indicators
    inner join {{ ref('int_observations') }} as figures
        on figures.series_id in (
            indicators.numerator_series_id, indicators.denominator_series_id
        )
    where figures.figure_origin = 'workspace'
),

studies as (
    select * from {{ ref('dim_studies') }}
    where study_id not in (select changed.study_id from changed)
)

select
    expected.study_id,
    computed.method_id,
    computed.computed_count
from expected
inner join studies on expected.study_id = studies.study_id
left join computed on expected.study_id = computed.study_id
where computed.computed_count is distinct from expected.region_year_count
