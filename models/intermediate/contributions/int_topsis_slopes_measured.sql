-- How closeness answers to its two distances between the year before and the year:
-- U = sqrt M / (sqrt P + sqrt M), P = d+^2, M = d-^2, changes by k_P dP + k_M dM. k_P
-- is the divided difference of U in P, averaged over the two values of M; k_M alike.
-- Where U has no value on the way, P = M = 0, from worst to best or back, it is 1/2.
with distances as (
    select * from {{ ref('int_topsis_distances_measured') }}
),

sides as (
    select
        present.study_id,
        present.method_id,
        present.system_id,
        present.region_code,
        present.year,
        before.distance_to_best as p0,
        present.distance_to_best as p1,
        before.distance_to_worst as m0,
        present.distance_to_worst as m1
    from distances as present
    inner join distances as before
        on
            present.study_id = before.study_id
            and present.method_id = before.method_id
            and present.system_id = before.system_id
            and present.region_code = before.region_code
            and present.year = before.year + 1
),

final as (
    select
        study_id,
        method_id,
        system_id,
        region_code,
        year,
        -0.5 * (
            coalesce(
                m0 / nullif((p0 + p1) * (p1 + m0) * (p0 + m0), 0),
                0.5 / nullif(p0 * p0 + p1 * p1, 0),
                0
            ) + coalesce(
                m1 / nullif((p0 + p1) * (p1 + m1) * (p0 + m1), 0),
                0.5 / nullif(p0 * p0 + p1 * p1, 0),
                0
            )
        ) as slope_to_best,
        0.5 * (
            coalesce(
                p0 / nullif((m0 + m1) * (p0 + m1) * (p0 + m0), 0),
                0.5 / nullif(m0 * m0 + m1 * m1, 0),
                0
            ) + coalesce(
                p1 / nullif((m0 + m1) * (p1 + m1) * (p1 + m0), 0),
                0.5 / nullif(m0 * m0 + m1 * m1, 0),
                0
            )
        ) as slope_to_worst
    from sides
)

select * from final
