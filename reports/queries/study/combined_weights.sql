-- One row per rule of a method whose weights are combined, in their order.
select
    weighting,
    share
from marts.dim_combined_weights
where method_id = $method_id
order by member_position
