{{ unpivot_yearbook(ref('investment_and_housing')) }}
