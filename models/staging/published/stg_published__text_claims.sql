with source as (
    select * from {{ ref('text_claims') }}
),

final as (
    select
        claim_id,
        paper_id,
        table_name,
        place,
        place_zh,
        statement,
        statement_zh,
        quantity,
        subject,
        subject_zh,
        year,
        comparison,
        printed,
        printed_zh,
        printed_kind
    from source
)

select * from final
