-- Imputation changes no known value: an observed cell holds the derived value itself.
with imputed as (
    select * from {{ ref('int_indicators_imputed') }}
),

derived as (
    select * from {{ ref('int_indicators_derived') }}
)

select
    imputed.study_id,
    imputed.indicator_id,
    imputed.region_code,
    imputed.year,
    imputed.value_origin,
    derived.raw_value as derived_value,
    imputed.raw_value as imputed_value
from imputed
left join derived
    on
        imputed.study_id = derived.study_id
        and imputed.indicator_id = derived.indicator_id
        and imputed.region_code = derived.region_code
        and imputed.year = derived.year
where
    (
        derived.raw_value is not null
        and (
            imputed.raw_value is distinct from derived.raw_value
            or imputed.value_origin <> 'observed'
        )
    )
    or (derived.raw_value is null and imputed.value_origin = 'observed')
