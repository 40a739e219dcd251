-- One row per household survey: its years, currency and counts of households.
select * from marts.dim_surveys
order by survey_id
