package labelfile

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/htmlindex"
)

// vocabularies are names of drums as people write them.
var vocabularies = []struct{ language, encodings, words string }{
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

func TestGuessEncoding(t *testing.T) {
	tried, wrong := 0, 0
	for _, v := range vocabularies {
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
	t.Logf("%d of %d as written", tried-wrong, tried)
	if wrong*10 > tried {
		t.Errorf("%d of %d texts are guessed wrong", wrong, tried)
	}
}
