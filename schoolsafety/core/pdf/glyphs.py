"""Which characters the fast fonts hold; every other character is served by the full font behind them."""

# Characters of personal names that GB 2312-80 lacks, so that a name costs no second font.
RARE_NAME_CHARACTERS = (
    "喆堃珺瑄镕翀昇祎玥㛃淼犇骉甯昉旻昊昕晟晔晗晞暐曦炅炜烨煊煜燊熠琛琦琨琬琮瑀瑗瑛瑜瑢瑭璟璐璘璠璨璿瓒"
    "珂珈珑珣珩珮珵琇琪琰琳瑾玏玘玚玙玟玠玢玥玭珅珉珏珙珞珥珲珽琎琏琚琤琯琲瑆瑑瑔瑧瑨瑱瑷璇璈璎璆璋璞璪"
    "濛濬濠瀚灏沄沅沆沣泓洺洢洣浥涵淏淦淳清渌渟湉湜湲溎溦溱滢漪潆潇澍澔澧澴瀛淯洇汭沚泠浛浠涔淙"
    "芃芊芮芸苒茗荃荇莀莛莞莹菀菡萱葳蓁蓓蔚蕊蕙薇蘅芷茜苓茉萸菁菲芾荻荭蕖藜蓥"
    "妍妤姝姣姮娅娉娜婧婵媛媞嫄嫒嫣嬅婳婕姵妘妧姞娴娢嬿孖孜宓宸寀寔屹岚岱岫峣峤崟嵘嵩巍"
    "亓仝仡仟伃伋伲佟佶佺侃侔侗俣俍俨俪倓倞偲傃傒僖儇儒儆兢冀凇凌凯刘劭勋勍勖匡卉卓叡吉吲咏咸哲啸嘉嘏嚞"
    "圳圻坤垚垲埈埕埼堉堯塬墨壹夔奎奕奚怡恺悦惇愔愷慜憬懋懿戬挺捷揆攸敏斌斐旖旸昀昂昱昶晁晅晏晙晧晫晸暄暟"
    "暲曈曌曜朔朗杍杭杰枞枫柃柏栩栴桁桐桓桢梓梵棠棣棪楒楗楠榕槿樾檬檀櫆欣歆毓沐"
    "焕焜焯煌煐煦熙熹燚爔爽牧玮畅畲皓皞皎眙睿瞻矞砺碧磊祁祐祜祯禔禛禧禤秀秭稷穆竑竞竣端筠筱篪簃粲"
    "绂绮绾缃缇缨缦罡羡羲翊翎翙翚翥翯翾耘聿聪胤臻舜舸芈苇虓虹蚺蛟螽袆裕覃觐訚誉諲谌谡谦谧豫贇赟赪趯"
    "跻轩轶辀辰逄逸遥邕邗邝邰邴郃郄郅郗郜郦郸鄢鄞鄯酆钊钏钰铎铠铭铮锟锴锺镒镔镝镠镡鎏鑫鑅锜锳锽镆镧镨"
    "闫闳阗阚陞隗隽霁霄霖霏霜霭靓靖靳韡韬韫韶頔颀颋颙颢飏飑馗馥馨骁骅骊骋骐骕骙骞髦魁麒麟黎黛黻鼐齐龑龢"
    "仉郏郇鄠郧亳俞俟冼厍厓呙咼哿喬喻嗣囡堀墉嬴寖尕岙岵峇嵇嵊庹廆弢彧徕徽忞恽惎慈戎扈揭撖於昫昺朓枥桕桠"
    "槊樊樗欒歙毋毌毐毌沩沺泖洙洮浏浚涞湫溇滘滈漷漼澹濂瀍灞炆炔炻烔烜烝焱熥熳燧爨牁牂牮猃獬玡珖琊"
    "璁璮甄畀畈畯疃皕皛盱睢瞿砀砼硚碶碛祃禚禹禺窨窦竺笪笮筼箬篁篾綦縻繁缑缪罘罱羿翟耿聃肸胥舒芗芫苎苌"
    "茌荥莒莘菏葚葛蒯蓟蔺蕲薄虢虞蛄蠡衎衢裘裴褚訾詹谯谭豳賁贲贠贾赉赵郐郓郕郚郛郯鄄鄌鄏鄑鄚鄣鄱釜钜"
    "钤钭铚铧铻锘锷镗镛镬閆闵阆阎阮阽陉陟隃隰雍雩雷霅鞠韋韦頫颉颛飓饧馀馮骀骈鬲魋魏鲂鲲鲸鳌鳯鸿鹂鹍鹏鹞麹麴"
    "䶮䜣㻬㼆㬎㭎㸌㙍㴔㵐㑇㤘"
)
# Signs of official papers and forms that GB 2312-80 lacks.
EXTRA_SIGNS = "−–—―‘’“”…‰′″※⁄€£¥№℃℉™©®°±²³·×÷µ≤≥≠≈∞√∑∫㎡㎝㎜㎏㎥￥‐‑‒ "
HEXAGON_BRACKETS = "〔〕〖〗【】〈〉《》「」『』〓"


def gb2312() -> set[str]:
    """The 6,763 characters and 682 signs of GB 2312-80, out of Python's own codec."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(bytes((row, cell)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def latin() -> set[str]:
    """Letters, figures and signs of half width."""
    return {chr(code) for code in [*range(0x20, 0x7F), *range(0xA0, 0x180)]}


def wanted_characters() -> set[str]:
    """Everything a fast font should hold, as single characters."""
    width_forms = {chr(code) for code in range(0xFF01, 0xFF5F)}
    signs = set(EXTRA_SIGNS + HEXAGON_BRACKETS)
    circled = {chr(code) for code in range(0x2460, 0x2474)}
    return gb2312() | latin() | {" ", "\u00a0"} | width_forms | signs | circled | set(RARE_NAME_CHARACTERS)
