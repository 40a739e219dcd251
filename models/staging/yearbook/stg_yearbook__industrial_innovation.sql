{{ unpivot_yearbook(ref('industrial_innovation')) }}
