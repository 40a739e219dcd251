{{ unpivot_yearbook(ref('internet_and_ecommerce')) }}
