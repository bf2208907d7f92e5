"""Invented names: people with the surnames and given names one meets, places that exist nowhere."""

from random import Random

SURNAMES = (
    "王王王王李李李李张张张刘刘刘陈陈陈杨杨赵赵黄黄周周吴吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文仇解单区查"
)
COMPOUND_SURNAMES = ("欧阳", "上官", "诸葛", "尉迟")
MALE = (
    "建国 建华 建军 志强 志刚 志明 国庆 国强 国栋 海涛 海波 文斌 文博 俊杰 俊峰 立新 立伟 卫东 卫国 永胜 永强 "
    "明辉 明远 思远 宏伟 宏斌 少华 少杰 晓东 晓峰 德胜 德华 庆林 庆丰 学军 学文 家辉 家栋 浩然 子轩 宇航 天佑 "
    "伟 强 军 磊 涛 斌 鹏 超 勇 刚 杰 峰 平 亮 辉 凯 健 俊 波 龙 振华 振宇 春生 水生 金山 长青 世杰 光明 启航 "
    "承志 继业 守信 保国 爱民 新民 跃进 解放 援朝"
).split()
FEMALE = (
    "秀英 秀兰 桂英 桂兰 玉兰 玉梅 淑芬 淑华 丽华 丽娟 丽萍 晓燕 晓红 晓敏 文静 文娟 雅琴 雅婷 春梅 春燕 海燕 "
    "海霞 建梅 慧敏 慧玲 美玲 美华 红梅 红霞 雪梅 雪莲 思雨 思琪 欣怡 梓涵 雨桐 佳怡 婷婷 静怡 敏 静 丽 艳 娟 "
    "芳 娜 霞 燕 玲 洁 莉 萍 红 梅 琳 颖 倩 蕾 月娥 凤英 翠华 巧云 金凤 银花 国芳 爱华 爱萍 卫红 向阳 新华"
).split()
MINORITIES = ("回族", "满族", "蒙古族", "壮族", "土家族", "苗族", "维吾尔族")
WITH_DOT = (("male", "买买提·依明"), ("female", "阿依古丽·吐尔逊"), ("male", "艾力·肉孜"))

DISTRICT = "云岭区"

# 街道 and their communities; a community's name is unique in the district, as its code is.
STREETS = {
    "东湖": "胜利 石桥 永安 锦绣 朝阳 柳林 玉兰 白云 湖滨 望湖",
    "和平": "和顺 安宁 丰收 银杏 梧桐 友谊 团结 同心 长乐",
    "新华": "书院 文昌 钟楼 青年 学府 春晖 晨光 新苑 印月",
    "建设路": "长青 铁西 钢花 机床 红星 工农 跃进 光华 创业",
    "南园": "南苑 金桥 望江 紫藤 芳草 翠竹 海棠 桂花 听涛",
    "北苑": "双塔 北关 松园 柏林 向阳 枫林 北辰 清泉 凤凰",
}
TOWNS = {
    "青石镇": "青石 大槐 上河 下河 石门 桃源 杏花 李家台 王家沟 双井 龙泉 黄土岭 前进 白杨",
    "柳河镇": "柳河 柳湾 东岗 西岗 河口 渡口 高庄 马坊 陶村 沙洲 新桥 卧龙",
}
# Communities and villages that were merged into a neighbor.
MERGED = {"东湖": "老街社区", "和平": "站前社区", "新华": "东关社区", "青石镇": "柿子沟村", "柳河镇": "后坡村"}
AGENCIES_WITH_COMMITTEE = ("区财政局", "区住房和城乡建设局", "区城市管理局", "区人力资源和社会保障局")
AGENCIES_WITH_GENERAL_BRANCH = ("区民政局", "区农业农村局", "区市场监督管理局", "区交通运输局", "区司法局")
AGENCIES = (
    "区委办公室 区委组织部 区委宣传部 区委统战部 区政府办公室 区发展和改革局 区科学技术局 区审计局 区统计局 "
    "区应急管理局 区水务局 区商务局 区文化和旅游局 区退役军人事务局 区医疗保障局 区信访局 区档案馆 区总工会 "
    "区妇女联合会"
).split()
SCHOOLS_WITH_GENERAL_BRANCH = ("云岭区第二中学", "云岭区实验中学")
MIDDLE_SCHOOLS = ("云岭区第三中学", "云岭区第四中学", "石桥中学", "长青中学", "青石中学", "柳河中学")
PRIMARY_SCHOOLS = (
    "实验小学 胜利小学 和平小学 新华小学 建设路小学 南园小学 北苑小学 书院小学 春晖小学 光华小学 东岗小学 桃源小学"
).split()
KINDERGARTENS = ("第一幼儿园", "第二幼儿园", "春晖幼儿园", "机关幼儿园")
HEALTH_CENTERS = ("永安社区 白云社区 双塔社区 钟楼社区 金桥社区 长青社区 同心社区 湖滨社区 北辰社区").split()
PRIVATE_FIRMS = (
    "虹桥商贸 启明电子 恒达物流 三禾食品 博远软件 金石建材 瑞丰机械 佳和家居 天工装饰 云峰印务 蓝海环保 "
    "正泰门窗 宏图广告 德馨医药 远景传媒 绿源农业 百川水务设备 兴业包装 凌云数控 万家超市 顺达汽修 优品餐饮 "
    "明德培训 康宁养老"
).split()
SMALL_FIRMS = "鑫源五金 春雨园艺 快捷印刷 众合建材 安居家政 惠民药房 飞鸿电器 金穗粮油 雅致装饰 顺风物流".split()
PARK_FIRMS = ("智联芯片", "云图数据", "晨星生物", "深蓝材料", "极光软件", "北斗导航设备", "量子仪器", "芯动科技")
SOCIAL = ("区义工联合会", "区餐饮行业协会", "爱心社会工作服务中心", "区书法家协会", "阳光养老服务中心", "区摄影家协会")
LAW_FIRMS = ("衡信律师事务所", "明理律师事务所", "公正律师事务所", "同舟律师事务所")


def person_name(rng: Random, sex: str) -> str:
    """A name for a man or a woman; now and then a surname of two characters."""
    surname = rng.choice(COMPOUND_SURNAMES) if rng.random() < 0.004 else rng.choice(SURNAMES)
    return surname + rng.choice(MALE if sex == "male" else FEMALE)
