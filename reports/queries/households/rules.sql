-- One row per outcome and rule, the five of highest lift of each outcome.
select
    outcome,
    rule_rank,
    spoken(sentence, sentence_zh) as sentence
from marts.fct_anomaly_rules
where survey_id = $survey_id and rule_rank <= $listed
order by outcome, rule_rank
