-- Indicators that a scope cannot use, with the reason. An empty table is good news.
with scopes as (
    select * from {{ ref('int_indicator_scopes_bounded') }}
),

indicators as (
    select * from {{ ref('stg_studies__indicators') }}
),

statuses as (
    select * from {{ ref('stg_reference__statuses') }}
),

final as (
    select
        scopes.study_id,
        scopes.indicator_id,
        indicators.label,
        scopes.normalisation_scope,
        nullif(scopes.scope_year, 0) as year,
        scopes.scope_status as status,
        statuses.reason,
        statuses.reason_zh,
        scopes.value_count,
        scopes.min_value,
        scopes.max_value
    from scopes
    inner join indicators
        on
            scopes.study_id = indicators.study_id
            and scopes.indicator_id = indicators.indicator_id
    inner join statuses on scopes.scope_status = statuses.status
    where scopes.scope_status <> 'usable'
)

select * from final
