-- How far two studies of one paper agree in the years that both have: another choice of
-- years and figures is another result, and here is by how much.
with pairs as (
    select * from {{ ref('int_studies_of_one_paper_paired') }}
),

studies as (
    select * from {{ ref('stg_studies__studies') }}
),

means as (
    select
        study_id,
        other_study_id,
        method_id,
        year,
        count(*) as region_count,
        {{ exact_sum('degree') }} / count(*) as mean_degree,
        {{ exact_sum('other_degree') }} / count(*) as mean_other_degree,
        {{ exact_sum('abs(degree - other_degree)') }} / count(*)
            as mean_absolute_difference,
        count(*) filter (where grade_level = other_grade_level) / count(*)
            as equal_grade_share,
        -- ranks of n regions have the mean (n + 1) / 2, tied or not
        (count(*) + 1) / 2.0 as mean_rank
    from pairs
    group by study_id, other_study_id, method_id, year
),

correlated as (
    select
        pairs.study_id,
        pairs.other_study_id,
        pairs.method_id,
        pairs.year,
        {{ centred_correlation(
            '(pairs.degree - means.mean_degree)',
            '(pairs.other_degree - means.mean_other_degree)'
        ) }} as pearson_correlation,
        {{ centred_correlation(
            '(pairs.degree_rank - means.mean_rank)',
            '(pairs.other_degree_rank - means.mean_rank)'
        ) }} as spearman_correlation
    from pairs
    inner join means
        on
            pairs.study_id = means.study_id
            and pairs.other_study_id = means.other_study_id
            and pairs.method_id = means.method_id
            and pairs.year = means.year
    group by pairs.study_id, pairs.other_study_id, pairs.method_id, pairs.year
),

final as (
    select
        means.study_id,
        means.other_study_id,
        means.method_id,
        means.method_id = studies.default_method_id as is_default_method,
        means.year,
        cast(means.region_count as int) as region_count,
        correlated.pearson_correlation,
        correlated.spearman_correlation,
        means.mean_absolute_difference,
        means.mean_degree - means.mean_other_degree as mean_difference,
        means.equal_grade_share
    from means
    inner join correlated
        on
            means.study_id = correlated.study_id
            and means.other_study_id = correlated.other_study_id
            and means.method_id = correlated.method_id
            and means.year = correlated.year
    inner join studies on means.study_id = studies.study_id
)

select * from final
