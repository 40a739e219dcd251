with source as (
    select * from {{ ref('papers') }}
),

final as (
    select
        paper_id,
        authors,
        title,
        subject,
        subject_zh
    from source
)

select * from final
