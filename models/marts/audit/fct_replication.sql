-- Our coupling coordination degrees against the printed ones, by year. The coverage of
-- indicators stands beside it, since a study by proxies is no replication.
with pairs as (
    select * from {{ ref('int_degrees_beside_print') }}
),

coverage as (
    select * from {{ ref('qc_study_coverage') }}
),

means as (
    select
        study_id,
        paper_id,
        method_id,
        is_default_method,
        year,
        count(*) as pair_count,
        {{ exact_sum('degree') }} / count(*) as mean_degree,
        {{ exact_sum('printed_degree') }} / count(*) as mean_printed_degree,
        {{ exact_sum('abs(degree - printed_degree)') }} / count(*)
            as mean_absolute_difference,
        {{ exact_sum('coupling_degree - printed_coupling_degree') }} / count(*)
            as mean_coupling_degree_difference,
        count(*) filter (where grade_level = printed_grade_level) / count(*)
            as equal_grade_share,
        -- ranks of n regions have the mean (n + 1) / 2, tied or not
        (count(*) + 1) / 2.0 as mean_rank,
        max(reading_note) as reading_note,
        max(reading_note_zh) as reading_note_zh
    from pairs
    group by study_id, paper_id, method_id, is_default_method, year
),

centred as (
    select
        pairs.study_id,
        pairs.method_id,
        pairs.year,
        pairs.degree - means.mean_degree as degree,
        pairs.printed_degree - means.mean_printed_degree as printed_degree,
        pairs.degree_rank - means.mean_rank as degree_rank,
        pairs.printed_degree_rank - means.mean_rank as printed_degree_rank
    from pairs
    inner join means
        on
            pairs.study_id = means.study_id
            and pairs.method_id = means.method_id
            and pairs.year = means.year
),

correlated as (
    select
        study_id,
        method_id,
        year,
        {{ centred_correlation('degree', 'printed_degree') }} as pearson_correlation,
        {{ centred_correlation('degree_rank', 'printed_degree_rank') }}
            as spearman_correlation
    from centred
    group by study_id, method_id, year
),

final as (
    select
        means.study_id,
        means.paper_id,
        means.method_id,
        means.is_default_method,
        means.year,
        cast(means.pair_count as int) as region_count,
        correlated.pearson_correlation,
        correlated.spearman_correlation,
        means.mean_absolute_difference,
        means.mean_degree - means.mean_printed_degree as mean_difference,
        means.mean_coupling_degree_difference,
        means.equal_grade_share,
        coverage.paper_indicators,
        coverage.measured,
        coverage.proxy,
        coverage.computed_share,
        means.reading_note,
        means.reading_note_zh
    from means
    inner join correlated
        on
            means.study_id = correlated.study_id
            and means.method_id = correlated.method_id
            and means.year = correlated.year
    inner join coverage on means.study_id = coverage.study_id
)

select * from final
