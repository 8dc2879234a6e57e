//! Names of several regions, our own lists. A name in another script stands with its Latin
//! spelling behind `=`.

use super::dice::Dice;
use crate::chart::Sex;

/// Where a household's names come from, and what is spoken there.
#[derive(Clone, Copy)]
pub(super) struct Region {
    women: &'static str,
    men: &'static str,
    /// Empty: a child is called after the father's given name. `-`: people have one name.
    families: &'static str,
    pub(super) language: &'static str,
}

/// A given or family name, in its script and in Latin letters where that is another.
#[derive(Clone, Copy, Default)]
pub(super) struct Spelling {
    pub(super) own: &'static str,
    pub(super) latin: Option<&'static str>,
}

/// How many households of a thousand come from each of [`REGIONS`].
const PERMILLE: [i32; 8] = [560, 130, 95, 80, 65, 40, 20, 10];

const REGIONS: [Region; 8] = [
    Region {
        women: "Grace,Mary,Joyce,Faith,Mercy,Esther,Agnes,Rose,Sarah,Lucy,Jane,Beatrice,\
            Joan,Florence,Susan,Dorcas,Ruth,Irene,Alice,Winnie,Purity,Lilian,Caroline,\
            Gladys,Hellen,Margaret,Naomi,Rebecca,Stella,Grace Akello,Mary Atieno,\
            Jane Wanjiku,Joyce Nakato,Ruth Achieng,Sarah Auma,Esther Adhiambo,\
            Agnes Njeri,Lucy Wambui,Rose Nabirye,Faith Chebet,Mercy Jepkosgei,Nyandeng",
        men: "John,Peter,Joseph,David,Samuel,James,Paul,Daniel,Patrick,Moses,Isaac,Brian,\
            Kevin,Dennis,Francis,Simon,Robert,Charles,Emmanuel,Julius,Geoffrey,Felix,\
            Stephen,Martin,Vincent,Ronald,Fred,Godfrey,John Okello,Peter Otieno,\
            James Kamau,Paul Ochieng,David Mwangi,Moses Kato,Samuel Kiprono,\
            Daniel Mutua,Isaac Wasswa,Brian Omondi,Deng",
        families: "Okello,Okelo,Akello,Otieno,Ochieng,Odhiambo,Omondi,Mwangi,Kamau,Njoroge,\
            Kariuki,Wanjala,Wekesa,Barasa,Simiyu,Mukasa,Lubega,Kato,Nsubuga,Mugisha,\
            Tumwine,Byaruhanga,Businge,Kiprotich,Cheruiyot,Koech,Rotich,Kiplagat,Mutua,\
            Musyoka,Kilonzo,Were,Onyango,Ouma,Opiyo,Odongo,Okot,Ojok,Lokwang,Ekai,Juma,\
            Hassan,Abdi,Ali,Said,Mohamed,Omar,Salim,Ng'ang'a,Ssemwogerere",
        language: "Swahili",
    },
    Region {
        women: "Fatoumata,Aminata,Mariam,Awa,Aïssata,Kadiatou,Ramatou,Adjoa,Ama,Efua,\
            Akosua,Marie-Claire,Brigitte,Clarisse,Rokia,Oumou,Djeneba,Salimata",
        men: "Mamadou,Moussa,Ibrahima,Amadou,Ousmane,Abdoulaye,Boubacar,Seydou,Issa,\
            Kwame,Kofi,Kouamé,Jean-Baptiste,Jean-Pierre,Adama,Souleymane,Cheikh,Modibo",
        families: "Traoré,Diallo,Coulibaly,Ouédraogo,Keïta,Cissé,Touré,Konaté,Sawadogo,\
            Kaboré,Diarra,Sow,Ba,Ndiaye,Mensah,Owusu,Koné,Camara,Sanogo,Compaoré",
        language: "French",
    },
    Region {
        women: "ሰላም=Selam,ትዕግስት=Tigist,ሃና=Hanna,መሰረት=Meseret,አልማዝ=Almaz,ብርሃኔ=Birhane,\
            ሳራ=Sara,ገነት=Genet,ፀሐይ=Tsehay,እመቤት=Emebet",
        men: "አበበ=Abebe,ከበደ=Kebede,ተስፋዬ=Tesfaye,ኃይሉ=Hailu,ዳኛቸው=Dagnachew,\
            ሙሉጌታ=Mulugeta,ግርማ=Girma,በቀለ=Bekele,ዮሐንስ=Yohannes,ታደሰ=Tadesse",
        families: "",
        language: "Amharic",
    },
    Region {
        women: "فاطمة=Fatima,عائشة=Aisha,مريم=Maryam,خديجة=Khadija,زينب=Zainab,آمنة=Amina,\
            سعاد=Suad,هدى=Huda",
        men: "محمد=Mohamed,أحمد=Ahmed,علي=Ali,حسن=Hassan,يوسف=Yusuf,إبراهيم=Ibrahim,\
            عمر=Omar,خالد=Khalid,عبدالله=Abdullah",
        families: "إدريس=Idris,عثمان=Osman,صالح=Saleh,النور=Elnour,بشير=Bashir,حامد=Hamid",
        language: "Arabic",
    },
    Region {
        women: "मीना=Meena,सुनीता=Sunita,अनीता=Anita,प्रिया=Priya,लक्ष्मी=Lakshmi,गीता=Geeta,\
            कविता=Kavita",
        men: "राम=Ram,संजय=Sanjay,विजय=Vijay,रमेश=Ramesh,अनिल=Anil,सुरेश=Suresh,अर्जुन=Arjun",
        families: "शर्मा=Sharma,पटेल=Patel,सिंह=Singh,यादव=Yadav,गुप्ता=Gupta,वर्मा=Verma",
        language: "Hindi",
    },
    Region {
        women: "María,Guadalupe,Juana,Rosa,Ximena,Lucía,Yolanda,María José",
        men: "José,Jorge,Luis,Javier,Andrés,Miguel,José Luis",
        families: "Quispe,Hernández,Mamani,Núñez,Muñoz,Gutiérrez,de la Cruz,Condori",
        language: "Spanish",
    },
    Region {
        women: "Thị Lan,Thị Hương,Minh Anh,Thu Hà",
        men: "Văn Đức,Quang Huy,Minh Tuấn",
        families: "Nguyễn,Trần,Phạm,Lê,Đặng",
        language: "Vietnamese",
    },
    Region {
        women: "Suharti,Wati,Ketut,Sulastri",
        men: "Suharto,Sukarno,Wayan,Budi",
        families: "-",
        language: "Indonesian",
    },
];

/// The region that a household comes from.
pub(super) fn region(dice: &mut Dice) -> Region {
    let [usual, ..] = REGIONS;
    REGIONS
        .get(dice.weighted(&PERMILLE))
        .copied()
        .unwrap_or(usual)
}

impl Region {
    /// A given name.
    pub(super) fn given(&self, sex: Sex, dice: &mut Dice) -> Spelling {
        let list = if sex == Sex::Male {
            self.men
        } else {
            self.women
        };
        spelling(dice.word(list))
    }

    /// A household's family name; empty where people have one name.
    pub(super) fn family(&self, dice: &mut Dice) -> Spelling {
        match self.families {
            "-" => Spelling::default(),
            "" => spelling(dice.word(self.men)),
            families => spelling(dice.word(families)),
        }
    }
}

fn spelling(entry: &'static str) -> Spelling {
    match entry.split_once('=') {
        Some((own, latin)) => Spelling {
            own,
            latin: Some(latin),
        },
        None => Spelling {
            own: entry,
            latin: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_a_name() {
        assert_eq!(PERMILLE.iter().sum::<i32>(), 1000);
        for region in REGIONS {
            let lists = [region.women, region.men, region.families];
            for entry in lists.iter().flat_map(|it| it.split(',')) {
                let spelt = spelling(entry);
                assert_eq!(spelt.own.trim(), spelt.own);
                let foreign = !spelt
                    .own
                    .chars()
                    .any(|it| !('\u{500}'..'\u{1e00}').contains(&it));
                assert_eq!(
                    spelt.latin.is_some(),
                    foreign && !entry.is_empty(),
                    "{entry}"
                );
            }
        }
    }
}
