-- Our coupling coordination degrees against the printed ones, by year. The coverage of
-- indicators differs from the paper's, so this is a comparison, not a replication.
with published as (
    select * from {{ ref('stg_published__paper_01_coupling') }}
),

coupling as (
    select * from {{ ref('fct_coupling') }}
    where status = 'computed'
),

final as (
    select
        coupling.study_id,
        coupling.method_id,
        coupling.year,
        cast(count(*) as int) as region_count,
        corr(
            coupling.coupling_coordination_degree,
            published.coupling_coordination_degree
        ) as pearson_correlation,
        avg(abs(
            coupling.coupling_coordination_degree
            - published.coupling_coordination_degree
        )) as mean_absolute_difference,
        avg(
            coupling.coupling_coordination_degree
            - published.coupling_coordination_degree
        ) as mean_difference,
        avg(coupling.coupling_degree - published.coupling_degree)
            as mean_coupling_degree_difference
    from coupling
    inner join published
        on
            coupling.study_id = published.study_id
            and coupling.region_code = published.region_code
            and coupling.year = published.year
    group by coupling.study_id, coupling.method_id, coupling.year
)

select * from final
