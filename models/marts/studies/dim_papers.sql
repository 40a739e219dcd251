with papers as (
    select * from {{ ref('stg_reference__papers') }}
),

final as (
    select
        paper_id,
        authors,
        title,
        subject,
        subject_zh
    from papers
)

select * from final
