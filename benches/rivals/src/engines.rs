//! The libraries.

/// A library, ready to convert by one config.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    convert: Box<dyn Fn(&str) -> String>,
}

impl Engine {
    pub(crate) fn convert(&self, text: &str) -> String {
        (self.convert)(text)
    }
}

/// All that have the config; hanmend first, OpenCC second.
pub(crate) fn engines(config: &'static str, home: &str) -> Vec<Engine> {
    let ours = hanmend::convert::Converter::new(config).expect("a config");
    let opencc =
        opencc_rust::OpenCC::new(format!("{home}/share/opencc/{config}.json")).expect("a config");
    let mut all = vec![
        Engine { name: "hanmend", convert: Box::new(move |t| ours.convert(t)) },
        Engine { name: "OpenCC", convert: Box::new(move |t| opencc.convert(t).expect("UTF-8")) },
    ];
    let ferrous = ferrous_opencc::config::BuiltinConfig::from_filename(&format!("{config}.json"))
        .and_then(ferrous_opencc::OpenCC::from_config);
    if let Ok(ferrous) = ferrous {
        all.push(Engine { name: "ferrous-opencc", convert: Box::new(move |t| ferrous.convert(t)) });
    }
    let mut fmmseg = opencc_fmmseg::OpenCC::new();
    // It would use all cores, and only the time of this thread is counted.
    fmmseg.set_parallel(false);
    all.push(Engine {
        name: "opencc-fmmseg",
        convert: Box::new(move |t| fmmseg.convert(t, config, false)),
    });
    if let Ok(converter) = zhhz::Config::parse(config).map(zhhz::Converter::new) {
        all.push(Engine {
            name: "zhhz",
            convert: Box::new(move |t| converter.convert(t).to_string()),
        });
    }
    if let Some(variant) = variant(config) {
        all.push(Engine { name: "zhconv", convert: Box::new(move |t| zhconv::zhconv(t, variant)) });
    }
    all
}

/// The target of zhconv that is nearest to a config.
fn variant(config: &str) -> Option<zhconv::Variant> {
    Some(match config {
        "s2t" => zhconv::Variant::ZhHant,
        "t2s" | "tw2s" | "hk2s" => zhconv::Variant::ZhHans,
        "s2tw" | "s2twp" => zhconv::Variant::ZhTW,
        "s2hk" | "s2hkp" => zhconv::Variant::ZhHK,
        "tw2sp" | "hk2sp" => zhconv::Variant::ZhCN,
        _ => return None,
    })
}

/// What opens each library and converts one character.
pub(crate) fn openings(home: &str) -> Vec<(&'static str, Box<dyn Fn()>)> {
    let json = format!("{home}/share/opencc/s2t.json");
    vec![
        (
            "hanmend",
            Box::new(|| drop(hanmend::convert::Converter::new("s2t").map(|c| c.convert("里")))),
        ),
        (
            "OpenCC",
            Box::new(move || drop(opencc_rust::OpenCC::new(&json).map(|c| c.convert("里")))),
        ),
        (
            "ferrous-opencc",
            Box::new(|| {
                let config = ferrous_opencc::config::BuiltinConfig::S2t;
                drop(ferrous_opencc::OpenCC::from_config(config).map(|c| c.convert("里")));
            }),
        ),
        (
            "opencc-fmmseg",
            Box::new(|| drop(opencc_fmmseg::OpenCC::new().convert("里", "s2t", false))),
        ),
    ]
}
