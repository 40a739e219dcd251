-- How alike two methods rank and grade the regions that both compute.
with pairs as (
    select * from {{ ref('int_methods_paired') }}
),

means as (
    select
        study_id,
        first_method_id,
        second_method_id,
        year,
        cast(count(*) as int) as region_count,
        {{ exact_sum('first_degree') }} / count(*) as mean_first_degree,
        {{ exact_sum('second_degree') }} / count(*) as mean_second_degree,
        -- ranks of n regions have the mean (n + 1) / 2, tied or not
        (count(*) + 1) / 2.0 as mean_rank,
        count(distinct first_degree) > 1 and count(distinct second_degree) > 1
            as does_vary,
        count(*) filter (where has_equal_grade) / count(*) as equal_grade_share,
        cast(max(move) as int) as greatest_move
    from pairs
    group by study_id, first_method_id, second_method_id, year
),

final as (
    select
        means.study_id,
        means.first_method_id,
        means.second_method_id,
        means.year,
        means.region_count,
        case
            when means.does_vary
                then
                    {{ centred_correlation(
                        '(pairs.first_rank - means.mean_rank)',
                        '(pairs.second_rank - means.mean_rank)'
                    ) }}
        end as spearman_correlation,
        case
            when means.does_vary
                then
                    {{ centred_correlation(
                        '(pairs.first_degree - means.mean_first_degree)',
                        '(pairs.second_degree - means.mean_second_degree)'
                    ) }}
        end as pearson_correlation,
        means.equal_grade_share,
        means.greatest_move,
        min(pairs.region_code) filter (
            where means.greatest_move > 0 and pairs.move = means.greatest_move
        ) as moved_region_code
    from means
    inner join pairs
        on
            means.study_id = pairs.study_id
            and means.first_method_id = pairs.first_method_id
            and means.second_method_id = pairs.second_method_id
            and means.year = pairs.year
    group by
        means.study_id,
        means.first_method_id,
        means.second_method_id,
        means.year,
        means.region_count,
        means.does_vary,
        means.equal_grade_share,
        means.greatest_move
)

select * from final
