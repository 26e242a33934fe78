//! Text with real readings, names and terms in parentheses: it stays as it is.

use hanmend::repair::Gloss;
use hanmend::stage::harness;

const STAY: &[(&str, &str)] = &[
    ("dictionary entry", "嗛(qiàn不满足):心里觉得还缺一点什么。醮:(jiào叫)祭祀的一种。\n"),
    ("place names", "准噶(gě)尔盆地很大,戛(gā)纳在海边,从前去过的人都说好看。\n"),
    ("one reading in an idiom", "龟(jūn)裂的田里长不出麦子,钟馗（kuí）的画像贴在门上。\n"),
    ("names", "习近平(Xi Jinping)主持会议,重慶(Chongqing)和天津(Tianjin)的代表发了言。\n"),
    ("pronoun and units", "他(她)出了五元（token）,三位（bit）的密码,引(a)和引(b)两段。\n"),
    ("functions", "设f(a)=x(e)+1,则g(o)不变;print(a)和len(e)都要改。\n"),
    (
        "every character of a learner's text, Simplified",
        "我(wǒ)们(men)今(jīn)天(tiān)学(xué)习(xí)写(xiě)字(zì)。老(lǎo)师(shī)很(hěn)好(hǎo)。我(wǒ)很(hěn)高(gāo)兴(xìng)。\n",
    ),
    (
        "every character of a learner's text, Traditional",
        "我(wǒ)們(men)今(jīn)天(tiān)學(xué)習(xí)寫(xiě)字(zì)。老(lǎo)師(shī)很(hěn)好(hǎo)。我(wǒ)們(men)學(xué)寫(xiě)詩(shī)。\n",
    ),
    (
        "new characters of a lesson",
        "小鸟在枝头叽(jī)叽喳(zhā)喳地叫,蚂蚱(zhà)在草丛里蹦(bèng)来蹦去,蜻(qīng)蜓(tíng)飞过池塘。\n",
    ),
    (
        "full-width notes of a poem",
        "关关雎（jū）鸠（jiū），在河之洲。窈（yǎo）窕（tiǎo）淑女，君子好逑（qiú）。\n",
    ),
    ("two readings of one character", "會(huì)議的會,會(kuài)計的會,讀音不同。會計師開會。\n"),
    ("a word list", "學(xué) 學習\n書 書本\n時 時間\n學校、學生、學者都用這個字。\n"),
    ("one listed character", "調(diào)查的調讀去聲,調和的調讀陽平。\n"),
    ("questions", "你是誰?(笑) 他說:“哪里?)”然后走了。這是什麼字?shu)不知道。\n"),
    ("emoticons", "好的(●'◡'●) 哈哈:) 再見;)\n"),
    ("code", "if (a) { foo(e); } else { 打印(u); } // 注释(i)\n"),
    ("table", "| 字 | 音 |\n|---|---|\n| 實 | shí |\n| 會 | huì |\n"),
    ("links", "見[百科](https://example.org/wiki/Shi_(a)) 和 http://example.org/(e)?q=(o)\n"),
    (
        "English in Chinese",
        "机器学习(machine learning)和深度学习(deep learning)需要算力(compute)。\n",
    ),
    ("units in parentheses", "长度(m)、质量(kg)、时间(s)、电流(A)、温度(K)。\n"),
    ("list markers", "选项:甲(a)乙(e)丙(i)丁(o),请选一个。\n"),
    (
        "Japanese with furigana",
        "東京(とうきょう)の天気(てんき)は晴(は)れです。実(み)のある話(はなし)。\n",
    ),
    ("Japanese with romaji", "東京(tōkyō)と大阪(ōsaka)と京都(kyōto)へ行きました。\n"),
    ("Vietnamese", "Hà Nội (Hà) là thủ đô(đô). Chữ 國(quốc) 語(ngữ).\n"),
    ("bilingual", "中国(zhōngguó)的首都是北京(běijīng),上海(shànghǎi)是大城市。\n"),
    ("Traditional reader, most characters listed", "我(wǒ)們(men)學(xué)習(xí)漢(hàn)語(yǔ)。\n"),
    ("classical with a note", "客過山門而說(yuè)之,聞松聲而樂(lè)之,三日不去。\n"),
    ("replacement characters", "坏\u{FFFD}(字) 和 \u{FFFD}\u{FFFD}(shù 另外)都在。\n"),
    ("bopomofo", "學(ㄒㄩㄝˊ)校的校(ㄒㄧㄠˋ)字。\n"),
    ("numeric tones, a few", "重(chong2)新,重(zhong4)量,重复的重读第二声。\n"),
    ("polyphones in a glossary", "行(háng)业,行(xíng)走,行(hàng)辈,三种读音各举一例。\n"),
    ("surname readings", "姓单(shàn)的先生,姓仇(qiú)的小姐,姓区(ōu)的同学一起来了。\n"),
    ("chemistry", "氘(dāo)、氚(chuān)、氕(piē)是氢的同位素。\n"),
    ("a single gloss twice", "龜(guī)和烏龜(guī)都爬得慢。\n"),
];

#[test]
fn legitimate_text_stays() {
    for (name, text) in STAY {
        let (out, report) = harness::prove(Gloss::default, text);
        assert_eq!(out, *text, "{name}");
        assert!(report.events.is_empty(), "{name}: {:?}", report.events);
    }
}

#[test]
fn legitimate_text_stays_among_its_like() {
    let all: String = STAY.iter().map(|s| s.1).collect();
    let (out, report) = harness::prove(Gloss::default, &all);
    assert_eq!(out, all);
    assert!(report.events.is_empty(), "{:?}", report.events);
}
