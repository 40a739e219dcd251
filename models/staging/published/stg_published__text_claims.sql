with source as (
    select * from {{ ref('text_claims') }}
),

final as (
    select
        claim_id,
        paper_id,
        table_name,
        place,
        statement,
        quantity,
        subject,
        year,
        comparison,
        printed,
        printed_kind
    from source
)

select * from final
