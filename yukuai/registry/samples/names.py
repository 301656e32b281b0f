"""Names put together from lists: frequent surnames often, given names of their time."""

from itertools import accumulate
from random import Random

_SURNAMES = (
    "王72李72张68刘54陈45杨31赵23黄22周21吴20徐17孙15胡14朱13高12林12何12郭11马11罗11"
    "梁9宋8郑8谢8韩8唐8冯7于7董6萧6程6曹6袁6邓6许5傅5沈5曾5彭5吕5苏4卢4蒋4蔡4贾4丁4魏4"
    "薛4叶4阎3余3潘3杜3戴3夏3钟3汪3田3任3姜3范3方3石3姚3谭3廖3邹3熊3金3陆3郝3孔3白3崔2康2"
    "毛2邱2秦2江2史2顾2侯2邵2孟2龙2万2段2雷2钱2汤2尹2黎2易2常2武2乔2贺2赖2龚2文2冉4向3"
    "欧阳1上官1司马1诸葛1亓1"
)
_MEN = {
    1900: "国建德明永文华志光福荣兴贵成全世清正云忠发祥海山林生",
    1970: "伟强军勇涛刚辉斌平波杰峰超鹏飞健东宏亮俊毅翔宇帆",
    2000: "浩轩宇泽子睿梓博文俊涵奕辰铭晨昊霖熙诺一航逸翰远",
}
_WOMEN = {
    1900: "秀英兰珍桂芳玉淑素琼清碧华莲群蓉惠贞凤明容先琴会",
    1970: "丽娟敏静艳霞燕红梅玲萍洁莉琳婷丹颖倩雪娜蕾薇晓",
    2000: "欣怡雨涵梓萱诗语晨曦思彤可馨子悦若妍一诺钰汐沐瑶",
}


def _weights() -> tuple[list[str], list[int]]:
    names, weights, name = [], [], ""
    figure = ""
    for sign in [*_SURNAMES, "."]:
        if sign.isdigit():
            figure += sign
            continue
        if figure:
            names.append(name)
            weights.append(int(figure))
            name, figure = "", ""
        name += sign
    return names, weights


SURNAMES, _WEIGHTS = _weights()
_SUMS = list(accumulate(_WEIGHTS))


def draw_surname(chance: Random) -> str:
    return chance.choices(SURNAMES, cum_weights=_SUMS)[0]


def draw_given(chance: Random, *, woman: bool, born: int) -> str:
    """Of one sign or two, as people of that year are called."""
    lists = _WOMEN if woman else _MEN
    signs = lists[max(year for year in lists if year <= born)]
    first = chance.choice(signs)
    return (
        first if chance.random() < (0.25 if born < 2000 else 0.1) else first + chance.choice(signs)
    )
