{#-
    Whether a system has a score in a region and year, and else why not: `values` by
    places, `is_used` with 1 at the places of the system's indicators, `lined_up` the row
    of the panel.
-#}
{% macro score_status(lined_up, values, is_used, region_year_count) -%}
    case
        when not {{ lined_up }}.has_figures then 'no_figures_in_year'
        when {{ region_year_count }} = 1 then 'single_region_year'
        when coalesce(list_sum({{ is_used }}), 0) = 0 then 'no_usable_indicator'
        when
            len({{ only(lined_up ~ '.undefined_places', 'p', is_used ~ '[p] = 1') }}) > 0
            then 'base_not_positive'
        when
            len({{ only(values, 'y, p', 'y is null and ' ~ is_used ~ '[p] = 1') }}) > 0
            then 'missing_value'
        else 'computed'
    end
{%- endmacro %}
