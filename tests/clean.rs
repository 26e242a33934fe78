//! Text that is as it should be comes out byte for byte, with any script that it already is in.

use hanmend::event::Collect;
use hanmend::{Fixer, ToScript};

/// Kind, scripts that change nothing, text. All of it made up for these tests.
const CLEAN: &[(&str, &[&str], &str)] = &[
    (
        "Simplified prose",
        &["keep", "hans"],
        "清早的码头上人还不多，卖鱼的老陈把灯挂在杆子上，朝远处看了看。他说：“今天风小，船会早到。”\
         果然，不到六点（天刚亮），三条船就进了港；船头站着他的小儿子，手里举着一条大鱼。\n\
         那一年（1998）他才十二岁，成绩单上写着“A+”，老师评语：聪明、好动。",
    ),
    (
        "Traditional prose",
        &["keep", "hant", "tw"],
        "巷口的麵攤開了三十年，老闆娘姓余，大家都叫她余姨。她記得每個客人的口味：不要蔥的、麵要硬的、\
         湯要多的。後來兒子從台北回來接手，菜單沒有變，只是牆上多了一幅畫，畫的是颱風過後的海。\n\
         「你還記得嗎？」她說，「那時候於老師每天都來。」",
    ),
    (
        "Traditional of Hong Kong",
        &["keep", "hant", "hk"],
        "佢哋喺碼頭等咗成個鐘，船先至到。阿嬤話：「唔使急，飲啖茶先。」裏面坐滿了人，門外還有隊伍。",
    ),
    (
        "classical",
        &["keep", "hant"],
        "山中有老翁，年九十餘，不知書而善奕。客問其故，曰：「吾觀雲耳。雲之聚散，與子同理。」",
    ),
    (
        "dictionary and names",
        &["keep", "hans"],
        "嗛(qiàn不满足) 醮:(jiào叫) 准噶(gě)尔 戛(gā)纳 龟(jūn)裂 钟馗（kui）\n\
         他(she)、元（token）、位（bit）、f(a)、引(a)；张小明(Zhang Xiaoming)，重庆(Chongqing)。",
    ),
    (
        "reader with every character annotated",
        &["keep"],
        "小(xiǎo)猫(māo)爱(ài)吃(chī)鱼(yú)，小(xiǎo)狗(gǒu)爱(ài)啃(kěn)骨(gǔ)头(tou)。",
    ),
    (
        "Japanese",
        &["keep", "hans", "hant", "tw", "jp"],
        "港の朝市では、獲れたての魚を並べた店が軒を連ねている。漁師（りょうし）の田村さんは、\
         今日も五時に起きた。「国が変わっても、海は変わらない」と彼は言う。カタカナもｶﾅも使う。",
    ),
    (
        "Korean",
        &["keep", "hans", "hant"],
        "부두(埠頭)의 아침은 일찍 시작된다. 어부 김 씨는 오늘도 다섯 시에 일어났다.",
    ),
    (
        "Russian",
        &["keep", "hans"],
        "Рано утром на причале было тихо; старик зажёг фонарь — «пора».",
    ),
    ("Greek", &["keep", "hant"], "Το πρωί στο λιμάνι ήταν ήσυχο· ο γέρος άναψε το φανάρι."),
    (
        "French",
        &["keep", "hans"],
        "Dès l’aube, à la criée, l’écailler râle : « Ça coûte 12 €, çà et là… » Où ? Là-bas, naïf !",
    ),
    (
        "German",
        &["keep"],
        "Früh am Morgen grüßt der Fährmann: „Schöne Überfahrt!“ – 5 °C, ½ Stunde.",
    ),
    ("Vietnamese", &["keep"], "Buổi sáng ở bến cảng, ông lão thắp đèn và đợi thuyền về."),
    (
        "source code",
        &["keep", "hans"],
        "fn f(a: &str) -> bool { a.contains(\"&amp\") && a != \"\\u{5b9e}\" } // 实现(a)\n\
         if (x & y) == 0x5b9e { s = '\\u5b9e'; url = \"https://a.example/?q=%E5%AE%9E&copy=1\"; }\n\
         <a href=\"/s?wd=%CA%B5&lt=2\">x</a>",
    ),
    (
        "emoji and what holds them together",
        &["keep", "hans"],
        "👩‍👩‍👧‍👦 ❤️ ✔️ 🇨🇳 ☎︎ 1️⃣ ⿰氵每 葛󠄀 ㎡ ① Ⅳ ，（）：！？",
    ),
    (
        "business",
        &["keep"],
        "AT&T、R&D、Q&A、B&B；M&A(mergers)，5<6 && 7>6，a&b=c，50%的人，100%E的东西",
    ),
    (
        "control characters and edges",
        &["keep", "hans"],
        "\u{FEFF}a\tb\r\nc\r\n\n\u{1b}[0m \u{10FFFF}",
    ),
    ("tables", &["keep"], "┌──┬──┐\n│名│(a)│\n└──┴──┘\n| 項 | 值 |\n|---|---|\n"),
];

#[test]
fn clean_text_comes_out_byte_for_byte() {
    for (kind, scripts, text) in CLEAN {
        for script in *scripts {
            let fixer = Fixer::builder().script(ToScript::parse(script).unwrap()).build();
            let mut report = Collect::default();
            assert_eq!(fixer.fix_str_with(text, &mut report), *text, "{kind} with {script}");
            assert_eq!(report.events, [], "{kind} with {script}");
        }
    }
}

#[test]
fn many_clean_pages_in_one_stay_too() {
    // One input of everything, longer than any window. A byte order mark in its middle would be
    // damage.
    let all: String = CLEAN.iter().map(|(_, _, text)| format!("{text}\n\n")).collect();
    let long = all.replace('\u{FEFF}', "").repeat(40);
    let fixed = Fixer::default().fix_bytes(long.as_bytes());
    assert_eq!(fixed.events, []);
    assert!(fixed.text == long);
}
