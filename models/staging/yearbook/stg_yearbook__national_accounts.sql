{{ unpivot_yearbook(ref('national_accounts')) }}
