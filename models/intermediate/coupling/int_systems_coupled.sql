-- The degrees under the names of their studies, methods and regions.
{{ config(materialized='view') }}
with coupled as (
    select * from {{ ref('int_panel_coupled') }}
),

methods as (
    select * from {{ ref('int_methods_prepared') }}
),

regions as (
    select * from {{ ref('int_regions_numbered') }}
),

final as (
    select
        methods.study_id,
        methods.method_id,
        regions.region_code,
        coupled.year,
        coupled.status,
        coupled.coupling_degree,
        coupled.comprehensive_index,
        coupled.coupling_coordination_degree
    from coupled
    inner join methods
        on
            coupled.study_key = methods.study_key
            and coupled.method_key = methods.method_key
    inner join regions on coupled.region_key = regions.region_key
)

select * from final
