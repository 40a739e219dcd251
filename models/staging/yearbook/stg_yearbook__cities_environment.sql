{{ unpivot_yearbook(ref('cities_environment')) }}
