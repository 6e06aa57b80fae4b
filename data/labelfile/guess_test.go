package labelfile

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/htmlindex"
)

// vocabulary is texts of a language, words between bars, with the encodings that
// they are tried in.
type vocabulary struct{ language, encodings, words string }

// vocabularies are names of drums as people write them.
var vocabularies = []vocabulary{
	{"Russian", "windows-1251 koi8-r ibm866", "бочка хэт малый|Бочка Хэт Малый|тарелка том хлопок|закрытый открытый|БОЧКА ХЭТ МАЛЫЙ|рабочий барабан|удар|кик снейр"},
	{"Ukrainian", "windows-1251", "бочка тарілка малий|великий барабан відкритий"},
	{"German", "windows-1252", "große Trommel|Becken geschlossen öffnen|Fußbecken|Schläge|Höhe Tür"},
	{"French", "windows-1252 macintosh", "clé|grosse caisse étouffée|fermé ouvert|très bref|charleston fermée"},
	{"Spanish", "windows-1252", "caña|platillo abierto línea|tambor pequeño|bajón"},
	{"Portuguese", "windows-1252", "chimbal fechado não|caixa rápida ação"},
	{"Swedish", "windows-1252", "virveltrumma öppen stängd|hårt slag"},
	{"Danish", "windows-1252", "trommesæt åben|stor tromme høj"},
	{"Czech", "windows-1250 iso-8859-2", "velký buben malý|činel otevřený|zavřený řehtačka|úder"},
	{"Polish", "windows-1250 iso-8859-2", "bęben mały|werbel talerz środkowy|głośny zamknięty|stopa łokieć"},
	{"Hungarian", "windows-1250", "nagydob pergő cintányér|erős gyűrű"},
	{"Greek", "windows-1253", "μπότα ταμπούρο|κλειστό ανοιχτό|τύμπανο πιατίνι|κρούση χέρι"},
	{"Turkish", "windows-1254", "kısa açık kapalı|davul büyük küçük|vuruş ağız"},
	{"Japanese", "shift_jis euc-jp", "キック スネア ハイハット|バスドラム|クローズ オープン|手拍子 太鼓|たいこ つづみ|小太鼓"},
	{"Chinese", "gbk", "底鼓 军鼓 踩镲|大鼓 小鼓|通鼓 吊镲|低音鼓 开镲|拍手"},
	{"Taiwanese", "big5", "大鼓 小鼓 銅鈸|開 閉 軍鼓|低音 高音"},
	{"Korean", "euc-kr", "킥 스네어 하이햇|심벌 탐|베이스 드럼 북 장구|큰북 작은북"},
}

// heldOut are texts that no constant of the guess was chosen on.
var heldOut = []vocabulary{
	{"Russian", "windows-1251 koi8-r", "щелчок|свист шипение|дыхание вдох выдох|губы язык|громко тихо|Хлопок Щелчок|рот горло|первый второй третий"},
	{"German", "windows-1252", "Geräusch|Atemzüge|Rülpser Stöhnen|Kehlkopf gedämpft|Mädchen Küche|stoß"},
	{"French", "windows-1252", "respiration légère|bouche fermée|aigüe|coup de langue léger|bruit à côté|lèvres"},
	{"Spanish", "windows-1252", "respiración|chasquido rápido|ñoño|débil|palmada única"},
	{"Italian", "windows-1252", "però più|respiro così|velocità"},
	{"Norwegian", "windows-1252", "åpning støy|lyd på|pust ørlite"},
	{"Finnish", "windows-1252", "hengitysääni|räpäytys|pieni ääni"},
	{"Czech", "windows-1250", "nádech výdech|pištění|šum syčení|tichý hlasitý|rty jazyk ústa"},
	{"Polish", "windows-1250 iso-8859-2", "klaśnięcie|szept głośno|oddech świst|język usta gwóźdź"},
	{"Hungarian", "windows-1250", "lélegzet sóhaj|füttyszó|erős ütés"},
	{"Greek", "windows-1253", "αναπνοή σφύριγμα|στόμα χείλη|δυνατά σιγά|γλώσσα"},
	{"Turkish", "windows-1254", "ıslık nefes|alkış sesi|düşük yüksek|şıklatma"},
	{"Japanese", "shift_jis euc-jp", "息 口笛|リムショット クラップ|シンバル|くちびる した|大きい音"},
	{"Chinese", "gbk", "呼吸 口哨|弹舌 嘴唇|左手 右手|第一 第二"},
	{"Korean", "euc-kr", "숨소리 휘파람|입술 혀|첫째 둘째|왼손 오른손"},
}

func TestGuessEncodingHeldOut(t *testing.T) {
	tried, wrong := guessAll(t, heldOut)
	t.Logf("%d of %d as written", tried-wrong, tried)
	if wrong*5 > tried {
		t.Errorf("%d of %d texts are guessed wrong", wrong, tried)
	}
}

func TestGuessEncoding(t *testing.T) {
	tried, wrong := guessAll(t, vocabularies)
	t.Logf("%d of %d as written", tried-wrong, tried)
	if wrong*10 > tried {
		t.Errorf("%d of %d texts are guessed wrong", wrong, tried)
	}
}

// guessAll writes each text, words between bars, as an Audacity label track in
// each of its encodings, and counts those that are not read as they were.
func guessAll(t *testing.T, all []vocabulary) (tried, wrong int) {
	t.Helper()
	for _, v := range all {
		for _, name := range strings.Fields(v.encodings) {
			enc, _ := htmlindex.Get(name)
			for _, words := range strings.Split(v.words, "|") {
				text := ""
				for i, w := range strings.Fields(words) {
					text += "0." + string(rune('1'+i)) + "\t0.9\t" + w + "\n"
				}
				b, err := enc.NewEncoder().Bytes([]byte(text))
				if err != nil {
					t.Fatalf("%s: %v", v.language, err)
				}
				tried++
				d, _, err := decodingOf(b, "")
				if got := d.text(b); err != nil || got != text {
					wrong++
					t.Logf("%s in %s: got %q, want %q", v.language, name, got, text)
				}
			}
		}
	}
	return tried, wrong
}
