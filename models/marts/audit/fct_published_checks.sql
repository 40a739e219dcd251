-- What the papers print against what follows from it, claim by claim.
with paper_01 as (
    select * from {{ ref('int_paper_01_checks') }}
),

paper_02 as (
    select * from {{ ref('int_paper_02_checks') }}
),

paper_03 as (
    select * from {{ ref('int_paper_03_checks') }}
),

paper_04 as (
    select * from {{ ref('int_paper_04_checks') }}
),

paper_06 as (
    select * from {{ ref('int_paper_06_checks') }}
),

paper_09 as (
    select * from {{ ref('int_paper_09_checks') }}
),

together as (
    select * from paper_01
    union all
    select * from paper_02
    union all
    select * from paper_03
    union all
    select * from paper_04
    union all
    select * from paper_06
    union all
    select * from paper_09
),

final as (
    select
        check_id,
        paper_id,
        table_name,
        place,
        place_zh,
        claim,
        claim_zh,
        check_name,
        printed_value,
        printed_text,
        printed_text_zh,
        recomputed_value,
        recomputed_text,
        recomputed_text_zh,
        difference,
        tolerance,
        verdict,
        explanation,
        explanation_zh
    from together
)

select * from final
