{{ unpivot_yearbook(ref('cities_finance_and_innovation')) }}
