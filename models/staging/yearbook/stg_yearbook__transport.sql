{{ unpivot_yearbook(ref('transport')) }}
