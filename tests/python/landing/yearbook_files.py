"""Yearbook files in the layouts that people have, and the figures that they hold."""

from pathlib import Path

import openpyxl

GDP, PEOPLE = "gdp_cny_100m", "resident_population_10k"
WHAT = {
    ("110000", 2023, GDP): "43760.7",
    ("110000", 2022, GDP): "41540.9",
    ("150000", 2023, GDP): "24627",
    ("150000", 2022, GDP): "23388.9",
    ("110000", 2023, PEOPLE): "2185.8",
    ("110000", 2022, PEOPLE): "2184.3",
    ("150000", 2023, PEOPLE): "2396",
    ("150000", 2022, PEOPLE): "2401.17",
}
GDP_ONLY = {name: value for name, value in WHAT.items() if name[2] == GDP}
YEAR_2023 = {name: value for name, value in WHAT.items() if name[1] == 2023}

BUREAU = """数据库：分省年度数据
指标：地区生产总值(亿元)
时间：最近10年
地区,2023年,2022年
北京市,43760.7,41540.9
内蒙古自治区,24627,"23,388.9"
注：2023年为初步核算数, 见说明。
数据来源：国家统计局
"""
LAYOUTS = {
    "the bureau's export": (BUREAU, GDP_ONLY),
    "the bureau's export of one province": (
        "数据库：分省年度数据\n地区：北京市\n时间：最近2年\n指标,2023年,2022年\n"
        "地区生产总值(亿元),43760.7,41540.9\n年末常住人口(万人),2185.8,2184.3\n"
        "数据来源：国家统计局\n",
        {name: value for name, value in WHAT.items() if name[0] == "110000"},
    ),
    "long, Chinese": (
        "地区,年份,指标,单位,数值\n"
        "北京,2023年,地区生产总值,亿元,43760.7\n北京,2022年,地区生产总值,万元,415409000\n"
        "内蒙古,2023,生产总值,亿元,24627\n内蒙古,2022.0,GDP,亿元,23388.9\n",
        GDP_ONLY,
    ),
    "long, English": (
        "Region;Year;Indicator;Unit;Value\n"
        "Beijing Municipality;2023;Gross regional product;100 million yuan;43760.7\n"
        "BEIJING;FY2022;gdp_cny_100m;billion yuan;4154.09\n"
        "Inner Mongolia Autonomous Region;2023;GRP;10 000 yuan;246270000\n"
        "Nei Mongol;2022;GRP;100m yuan;23388.9\n",
        GDP_ONLY,
    ),
    "a column of notes": (
        "地区,备注,2023年地区生产总值(亿元),说明\n北京,来源: 公报,43760.7,\n"
        "内蒙古,,24627,注1\n",
        {name: YEAR_2023[name] for name in YEAR_2023 if name[2] == GDP},
    ),
    "series across, our layout": (
        "region_code,year,gdp_cny_100m,resident_population_10k\n"
        "110000,2022,41540.9,2184.3\n110000,2023,43760.7,2185.8\n"
        "150000,2022,23388.9,2401.17\n150000,2023,24627,2396\n",
        WHAT,
    ),
    "series across, units in headings": (
        "省份\t年份\t地区生产总值（亿元）\t年末常住人口/万人\n"
        "北京市\t2023\t43760.7\t2185.8\n北京市\t2022\t41540.9\t2184.3\n"
        "内蒙古\t2023\t24627\t2396\n内蒙古\t2022\t23388.9\t2401.17\n",
        WHAT,
    ),
    "years down, regions across": (
        "指标：地区生产总值，单位：亿元\n年份,北京,内蒙古\n2022,41540.9,23388.9\n"
        "2023,43760.7,24627\n",
        GDP_ONLY,
    ),
    "years across, no word in the corner": (
        "表3 地区生产总值  单位：亿元\n,2023,2022\n"
        "11,43760.7,41540.9\n15,24627,23388.9\n",
        GDP_ONLY,
    ),
    "provinces and indicators down, years across": (
        "地区,指标,2023年,2022年\n北京,地区生产总值(亿元),43760.7,41540.9\n"
        "北京,年末常住人口(万人),2185.8,2184.3\n内蒙古,地区生产总值(亿元),24627,23388.9\n"
        "内蒙古,年末常住人口(万人),2396,2401.17\n",
        WHAT,
    ),
    "one year in the title": (
        "3-9 各地区地区生产总值和人口 (2023年),,\n"
        "地区,地区生产总值(亿元),年末常住人口(人)\n"
        "北京,43760.7,21858000\n内蒙古,24627,23960000\n",
        YEAR_2023,
    ),
    "a yearbook table with headings in five rows": (
        "3-9 地区生产总值和人口,,,,\n,,,,单位：亿元、万人\n"
        "地 区,地区生产总值,,年末常住人口,\n"
        "Region,Gross Regional Product,,Resident Population (year-end),\n"
        ",2022,2023,2022,2023\n单位,亿元,亿元,万人,万人\n甲,1,2,3,4\n"
        "全 国 National Total,1204724,1260582,141175,140967\n"
        "东部地区,622018.1,652084.2,…,…\n\n"
        "北 京 Beijing,41540.9①,４３７６０．７,2184.3*,2185.8[1]\n"
        "内 蒙 古 Inner Mongolia,23 388.9(注),24627,2401.17,2396\n"
        "Ａ)本表按当年价格计算。,,,,\n",
        WHAT,
    ),
    "tables one below the other": (
        "地区生产总值(亿元)\n地区,2023年,2022年\n北京,43760.7,41540.9\n"
        "内蒙古,24627,23388.9\n\n年末常住人口(万人)\n地区,2023年,2022年\n"
        "北京,2185.8,2184.3\n内蒙古,2396,2401.17\n数据来源：国家统计局\n",
        WHAT,
    ),
    "codes beside names, a serial number, a note column": (
        "序号,行政区划代码,地区,年份,地区生产总值(亿元),备注\n"
        "1,110000,北京,2023,43760.7,x\n2,110000,北京,2022,41540.9,\n"
        "3,150000,内蒙古,2023,24627,12\n4,150000,内蒙古,2022,23388.9,\n",
        GDP_ONLY,
    ),
}


def merged_workbook(path: Path) -> Path:
    """A yearbook table with merged cells, and a sheet without figures."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "3-9"
    rows = [
        ["3-9 主要指标", None, None, None, None],
        [None, None, None, None, "单位：亿元"],
        ["地  区", "地区生产总值", None, "年末常住人口(万人)", None],
        [None, 2022, 2023, 2022, 2023],
        ["全  国", 1204724, 1260582, 141175, 140967],
        ["北  京", 41540.9, "43760.7①", 2184.3, 2185.8],
        ["内蒙古", 23388.9, 24627, "2,401.17", 2396],
        ["注：本表按当年价格计算。", None, None, None, None],
    ]
    for row in rows:
        sheet.append(row)
    for cells in ("A1:E1", "A3:A4", "B3:C3", "D3:E3", "A8:E8"):
        sheet.merge_cells(cells)
    book.create_sheet("说明").append(["见 <script>alert(1)</script>"])
    book.save(path)
    return path
