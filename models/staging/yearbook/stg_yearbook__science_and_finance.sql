{{ unpivot_yearbook(ref('science_and_finance')) }}
