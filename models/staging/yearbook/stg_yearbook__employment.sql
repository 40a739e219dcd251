{{ unpivot_yearbook(ref('employment')) }}
