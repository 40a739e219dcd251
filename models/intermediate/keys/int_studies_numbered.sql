-- A small number for each study, which stands for it between the models.
with studies as (
    select * from {{ ref('stg_studies__studies') }}
),

final as (
    select
        study_id,
        cast(row_number() over (order by study_id) as int) as study_key
    from studies
)

select * from final
