{{ unpivot_yearbook(ref('cities_transport_and_services')) }}
