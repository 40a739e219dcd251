{{ unpivot_yearbook(ref('population_and_income')) }}
