{{ unpivot_yearbook(ref('industry')) }}
