//! Names and addresses to combine. None of them belongs to a person that we know of.

use super::People;

/// The lists of one country.
pub(super) struct Names {
    pub(super) families: &'static [&'static str],
    pub(super) women: &'static [&'static str],
    pub(super) men: &'static [&'static str],
    pub(super) streets: &'static [&'static str],
    pub(super) towns: &'static [(&'static str, &'static str)],
    /// ISO 3166, three letters, as table 0399 has it.
    pub(super) country: &'static str,
    pub(super) dialling: &'static str,
    /// ISO 639.
    pub(super) language: (&'static str, &'static str),
}

pub(super) fn names(people: People) -> &'static Names {
    match people {
        People::English => &ENGLISH,
        People::German => &GERMAN,
        People::Portuguese => &PORTUGUESE,
        People::Polish => &POLISH,
        People::Japanese => &JAPANESE,
    }
}

static ENGLISH: Names = Names {
    families: &[
        "Ambrose",
        "Bellweather",
        "Castellan",
        "Dunmore",
        "Eberhart",
        "Fairburn",
        "Gillam",
        "O'Hathersage",
    ],
    women: &["Ada", "Clara", "Edda", "Greta", "Isla", "Kate"],
    men: &["Bruno", "Dimitri", "Fabian", "Hugo", "Jack", "Liam"],
    streets: &["Mill Lane", "Quarry Road", "Station Street", "Orchard Close"],
    towns: &[
        ("Westholm", "W1A 1AA"),
        ("Larkfield", "L40 2QX"),
        ("Northam", "N7 8ZZ"),
        ("Elmsworth", "E9 4TT"),
    ],
    country: "GBR",
    dialling: "44",
    language: ("en", "English"),
};

static GERMAN: Names = Names {
    families: &["Müller-Groß", "Schäfer", "Köhnlein", "Weißhaupt", "Jörgens", "Übelacker", "Brandt"],
    women: &["Käthe", "Jördis", "Anneliese", "Sörine", "Heike"],
    men: &["Jürgen", "Björn", "Götz", "Matthäus", "Karl"],
    streets: &["Mühlenstraße", "Am Bäckerwall", "Höhenweg", "Marktplatz"],
    towns: &[("Weißenbrück", "98701"), ("Mönchsau", "97502"), ("Grünfeld", "96303")],
    country: "DEU",
    dialling: "49",
    language: ("de", "German"),
};

static PORTUGUESE: Names = Names {
    families: &["Gonçalves", "Simões", "Araújo", "Brandão", "Lefèvre", "Conceição"],
    women: &["Inês", "Conceição", "Zoé", "Luísa", "Benedita"],
    men: &["João", "Estêvão", "André", "Tomás", "Gonçalo"],
    streets: &["Rua das Flores", "Travessa São João", "Avenida da Fundação"],
    towns: &[("Vila Atalaia", "4000-123"), ("São Lourenço", "3000-045"), ("Fontão", "2100-667")],
    country: "PRT",
    dialling: "351",
    language: ("pt", "Portuguese"),
};

static POLISH: Names = Names {
    families: &["Żółtowska", "Świątek", "Łęcki", "Dąbrowiecka", "Kiełbowicz"],
    women: &["Małgorzata", "Żaneta", "Łucja", "Bożena"],
    men: &["Sławomir", "Michał", "Błażej", "Jędrzej"],
    streets: &["ulica Źródlana", "aleja Dębów", "ulica Łąkowa"],
    towns: &[("Jodłowa Góra", "33-100"), ("Wólka Żabia", "21-405")],
    country: "POL",
    dialling: "48",
    language: ("pl", "Polish"),
};

/// Ideographic and phonetic, divided by a slash.
static JAPANESE: Names = Names {
    families: &["山田/ヤマダ", "佐藤/サトウ", "小林/コバヤシ", "高橋/タカハシ", "渡辺/ワタナベ"],
    women: &["花子/ハナコ", "美咲/ミサキ", "陽子/ヨウコ"],
    men: &["太郎/タロウ", "健一/ケンイチ", "大輔/ダイスケ"],
    streets: &["南町1丁目", "緑ヶ丘3丁目", "港町2丁目"],
    towns: &[("南川市", "100-0001"), ("緑原市", "220-0002")],
    country: "JPN",
    dialling: "81",
    language: ("ja", "Japanese"),
};
