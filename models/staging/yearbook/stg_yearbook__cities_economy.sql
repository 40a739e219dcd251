{{ unpivot_yearbook(ref('cities_economy')) }}
