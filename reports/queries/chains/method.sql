-- One row: the method of a chain, with its choice at every step.
select * replace (spoken(label, label_zh) as label)
from marts.dim_methods
where method_id = $method_id
