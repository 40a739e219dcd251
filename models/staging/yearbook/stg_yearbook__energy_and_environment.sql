{{ unpivot_yearbook(ref('energy_and_environment')) }}
