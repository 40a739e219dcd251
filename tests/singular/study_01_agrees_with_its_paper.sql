-- Floor of 0.87 set on 2026-11-21 from 0.874, 0.882 and 0.894 measured on the 13 of 16
-- indicators that the figures carry. 2024 is printed but outside the study's years.
select *
from (
    select count(*) as year_count
    from {{ ref('qc_published_agreement') }}
    where
        study_id = 'ecommerce_manufacturing_east'
        and method_id = 'entropy_topsis'
        and year in (2018, 2020, 2022)
        and region_count = 10
        and pearson_correlation >= 0.87
)
where
    year_count <> 3
    and exists (
        select 1
        from {{ ref('dim_studies') }} as studies
        where studies.study_id = 'ecommerce_manufacturing_east'
    )
