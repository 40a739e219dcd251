{{ unpivot_yearbook(ref('cities_industry_and_trade')) }}
