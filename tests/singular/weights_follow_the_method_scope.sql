-- Weights carry a year exactly where the method weighs year by year.
select weights.*
from {{ ref('fct_indicator_weights') }} as weights
inner join {{ ref('dim_methods') }} as methods
    on weights.method_id = methods.method_id
where (methods.weight_scope = 'year') <> (weights.year is not null)
