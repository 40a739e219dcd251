-- What the queries of pages have in common. The variable `language` says which language
-- is spoken, en or zh; text that a language lacks is given in the other.

create or replace temp macro spoken(english, chinese) as
case
    when getvariable('language') = 'zh' then coalesce(chinese, english) else english
end;

create or replace temp macro in_english(english) as
case when getvariable('language') = 'en' then english end;

create or replace temp macro region_name(region, name_zh) as
case
    when getvariable('language') = 'zh' then coalesce(name_zh, region)
    else coalesce(region, name_zh)
end;

-- regions of one name are told apart by their codes
create or replace temp macro region_name_apart(region, name_zh, region_code) as
case
    when
        min(region_code) over (partition by region_name(region, name_zh))
        < max(region_code) over (partition by region_name(region, name_zh))
        then
            concat(
                region_name(region, name_zh),
                spoken(concat(' (', region_code, ')'), concat('（', region_code, '）'))
            )
    else region_name(region, name_zh)
end;

-- the system that lags, or that none does
create or replace temp macro lagging_name(label, label_zh, lagging_system_id) as
coalesce(
    spoken(label, label_zh),
    case
        when lagging_system_id = 'synchronous' then spoken('synchronous', '同步')
        else lagging_system_id
    end
);

-- a label in English begins with a capital
create or replace temp macro group_label(label, label_zh) as
spoken(concat(upper(label[1]), label[2:]), label_zh);

-- the label of an indicator that is measured by a proxy says so
create or replace temp macro indicator_label(label, label_zh, coverage_status) as
concat(
    spoken(label, label_zh),
    case when coverage_status = 'proxy' then spoken(' (proxy)', '（替代）') end
);

-- shipped citations end in the Chinese name of the series
create or replace temp macro citation_spoken(citation, citation_zh, label, label_zh) as
spoken(
    replace(citation, concat(': ', label_zh, '.'), concat(': ', label, '.')),
    citation_zh
);

-- several offices in Chinese are a list
create or replace temp macro offices_spoken(publisher, publisher_zh) as
spoken(publisher, replace(publisher_zh, '；', '、'));

-- added as decimals: a sum of floats depends on the order in which rows arrive
create or replace temp macro exact_mean(x) as
cast(sum(cast(x as decimal(38, 24))) as double) / count(x);
