-- How the regions of a study stand in a year: means, extremes and spread of D over the
-- regions computed. The coefficient of variation is the sample standard deviation over
-- the mean.
with coupling as (
    select * from {{ ref('fct_coupling') }}
),

means as (
    select
        study_id,
        method_id,
        is_default_method,
        year,
        cast(count(*) as int) as region_count,
        cast(count(coupling_coordination_degree) as int) as computed_count,
        {{ exact_sum('coupling_degree') }} / nullif(count(coupling_degree), 0)
            as mean_coupling_degree,
        {{ exact_sum('comprehensive_index') }} / nullif(count(comprehensive_index), 0)
            as mean_comprehensive_index,
        {{ exact_sum('coupling_coordination_degree') }}
        / nullif(count(coupling_coordination_degree), 0)
            as mean_coordination_degree,
        max(coupling_coordination_degree) as highest_coordination_degree,
        min(coupling_coordination_degree) as lowest_coordination_degree
    from coupling
    group by study_id, method_id, is_default_method, year
),

squares as (
    select
        coupling.study_id,
        coupling.method_id,
        coupling.year,
        {{ exact_sum(
            'power(coupling.coupling_coordination_degree'
            ~ ' - means.mean_coordination_degree, 2)'
        ) }} / nullif(count(coupling.coupling_coordination_degree), 0) as variance
    from coupling
    inner join means
        on
            coupling.study_id = means.study_id
            and coupling.method_id = means.method_id
            and coupling.year = means.year
    group by coupling.study_id, coupling.method_id, coupling.year
),

final as (
    select
        means.study_id,
        means.method_id,
        means.is_default_method,
        means.year,
        -- the last year with a result; where no year has one, the last of the study
        means.year = coalesce(
            max(means.year) filter (where means.computed_count > 0) over methods,
            max(means.year) over methods
        ) as is_result_year,
        means.region_count,
        means.computed_count,
        means.mean_coupling_degree,
        means.mean_comprehensive_index,
        means.mean_coordination_degree,
        means.highest_coordination_degree,
        means.lowest_coordination_degree,
        means.highest_coordination_degree - means.lowest_coordination_degree
            as degree_range,
        case
            when means.computed_count > 1 and means.mean_coordination_degree > 0
                then
                    sqrt(
                        squares.variance
                        * means.computed_count / (means.computed_count - 1)
                    ) / means.mean_coordination_degree
        end as coefficient_of_variation
    from means
    inner join squares
        on
            means.study_id = squares.study_id
            and means.method_id = squares.method_id
            and means.year = squares.year
    window methods as (partition by means.study_id, means.method_id)
)

select * from final
