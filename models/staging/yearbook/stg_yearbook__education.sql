{{ unpivot_yearbook(ref('education')) }}
