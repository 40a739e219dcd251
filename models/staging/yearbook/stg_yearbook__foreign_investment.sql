{{ unpivot_yearbook(ref('foreign_investment')) }}
