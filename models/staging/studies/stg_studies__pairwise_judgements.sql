-- A judgement may be written as a fraction, such as 1/3.
with source as (
    {{ with_workspace(ref('pairwise_judgements')) }}
),

final as (
    select
        judgement_set_id,
        study_id,
        system_id,
        matrix,
        item,
        other_item,
        case
            when judgement like '%/%'
                then
                    cast(split_part(judgement, '/', 1) as double)
                    / nullif(cast(split_part(judgement, '/', 2) as double), 0)
            else cast(judgement as double)
        end as judgement,
        judgement as judgement_text,
        row_origin
    from source
)

select * from final
