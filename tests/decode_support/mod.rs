//! Prose of our own, and ways to encode and decode it.

#![allow(dead_code, reason = "each test program uses a part of it")]

use hanmend::decode::{Decoder, Encoding};
use hanmend::encode::Unmappable;
use hanmend::event::Collect;
use hanmend::stage::Stage;

/// Simplified, all of it in GB 2312.
pub(crate) const HANS: &str = "\
清晨的集市已经热闹起来，卖菜的大婶把刚摘的黄瓜码得整整齐齐。
小李骑着自行车穿过桥头，心里还在想昨天没有写完的报告。
“今年的雨水多，”老张说，“庄稼长得好，就怕到了秋天又要发大水。”
图书馆三楼新开了阅览室，靠窗的位置总是坐满了准备考试的学生。
会议决定从下个月开始试行新的办法，各部门要认真总结经验。
山脚下有一条小河，河水清得能看见石头上的青苔。
医生叮嘱他少吃盐、多走路，每隔两个星期回来检查一次。
列车晚点四十分钟，站台上的人们只好撑着伞等在雨里。
";

/// Traditional, all of it in Big5 and in GBK.
pub(crate) const HANT: &str = "\
巷口那間麵店開了三十年，老闆娘記得每個熟客愛吃什麼。
颱風過後，漁港裡擠滿了避風的船，孩子們在堤防上放風箏。
「這份企劃書還要再改，」經理說，「預算的部分寫得不夠清楚。」
圖書館每逢週末舉辦講座，邀請作家談談寫作的心得。
捷運站旁邊的公園種了許多樹，夏天的傍晚總有人在那裡乘涼。
研究人員發現，這種植物只在海拔兩千公尺以上的山區生長。
他把信收進抽屜，沒有再說一句話，屋裡只聽得見時鐘的聲音。
觀眾陸續離場，舞臺上的燈一盞一盞地熄滅了。
";

/// `text` in the encoding `name`; panics where a character is not in it.
pub(crate) fn encode(text: &str, name: &str) -> Vec<u8> {
    try_encode(text, name).unwrap_or_else(|| panic!("not all of the text is in {name}"))
}

/// `text` in the encoding `name`, if all of it can be written so.
pub(crate) fn try_encode(text: &str, name: &str) -> Option<Vec<u8>> {
    hanmend::encode::encode(text, Encoding::for_label(name).expect(name), Unmappable::Error).ok()
}

/// Runs `decoder` over `bytes` in pieces of `size`.
pub(crate) fn run(decoder: &mut Decoder, bytes: &[u8], size: usize) -> (String, Collect) {
    let (mut text, mut report) = (String::new(), Collect::default());
    for piece in bytes.chunks(size) {
        decoder.push(piece, &mut text, &mut report);
        assert!(decoder.held() <= decoder.max_held());
    }
    decoder.finish(&mut text, &mut report);
    (text, report)
}

/// Whether two names are of encodings that decode alike.
pub(crate) fn same_family(a: &str, b: &str) -> bool {
    let write = |n: &str| Encoding::for_label(n).map(|e| e.to_write());
    a == b || write(a) == write(b)
}
