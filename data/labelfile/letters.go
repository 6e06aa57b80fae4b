package labelfile

import (
	"math"
	"strings"
	"unicode"
)

// Frequencies of letters, for the guess at an encoding.

// russian and modernGreek are letters by their share of running text, in
// thousandths, the frequent first (Lyashevskaya and Sharov 2009; Hatzigeorgiu
// and others 2001; rounded).
var (
	russian = shares("о110 е85 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з16 б16 ч14 й12 " +
		"х10 ж9 ш7 ю6 ц5 щ4 э3 ф3 і3 ї2 є2 ё1 ъ1 ґ1")
	modernGreek = shares("α100 ο85 ι75 ε75 τ75 σ45 ν60 η50 υ40 ρ40 π38 κ38 ς30 μ32 λ28 ω18 ό17 γ16 ά15 δ15 ί15 έ14 ή10 θ10 ύ8 ώ6 φ8 χ10 β5 ξ4 ζ4 ψ2")
)

// latins are the letters that are frequent where an encoding is used, in
// thousandths of all letters of those languages that have them.
var latins = map[string]map[rune]float64{
	"windows-1252": shares("é15 è5 à6 ä8 ö7 ü8 ß4 ñ5 ó8 í7 á7 ã6 ç5 ê4 â2 î2 ô2 û1 ù2 ò3 ì2 ú3 å8 æ5 ø6 õ2 ë2 ï1 œ1 š1 ž1 ÿ1 ý1"),
	"windows-1250": centralEuropean, "iso-8859-2": centralEuropean,
	"windows-1254": shares("ı12 ş18 ğ10 ü18 ö8 ç11 İ2 â1"),
	"macintosh":    shares("é15 è5 à6 ä8 ö7 ü8 ß4 ñ5 ó8 í7 á7 ã6 ç5 ê4 â2 î2 ô2 û1 ù2 ò3 ú3 å8 æ5 ø6 ë2 ï1"),
}

var centralEuropean = shares("á16 é12 í18 ý8 ě12 š9 č9 ř9 ž9 ů5 ú3 ó7 ą9 ę10 ł16 ś6 ż8 ć4 ń2 ź1 ő8 ű3 ö8 ü5 ä3 ă15 â4 î8 ş8 ţ8 đ3 ť1 ď1 ň1 ľ3 ô2")

// shares reads a list of letters with their thousandths.
func shares(list string) map[rune]float64 {
	all := map[rune]float64{}
	for _, item := range strings.Fields(list) {
		var share float64
		var letter rune
		for _, r := range item {
			if r >= '0' && r <= '9' {
				share = 10*share + float64(r-'0')
			} else {
				letter = r
			}
		}
		all[letter] = math.Log(share / 1000)
	}
	return all
}

// Characters of Chinese and Korean that are frequent in labels of sounds.
const (
	frequentChinese = "的一是不了在人有我他这中大来上个国小低高短长开闭底军鼓镲踩通擦边击打声音嘴口吸气大弱强重轻拍手响铃木鱼锣钹嗵叮镗吊碎架钟沙锤无静音节奏點" +
		"開閉軍鑔強輕響鈴鑼鈸長聲氣無靜節"
	frequentKorean = "이다는의에가고을하지은를로도한리사기나자어스네킥하햇심벌탐드럼북장구베이클랩오픈즈드크림샷소리입손뼉박수발큰작높낮열닫힌린로우플덩궁따기타쿵치팍"
)

// letterLikelihood is the logarithm of a character's share in the languages that
// an encoding is for; next is the character behind it.
func letterLikelihood(name string, r, next rune) float64 {
	lower := unicode.ToLower(r)
	if p, ok := latins[name][lower]; ok {
		return p
	}
	switch script(r) {
	case cyrillic:
		return share(russian, lower)
	case greek:
		if lower == 'ς' == unicode.IsLetter(next) {
			return share(modernGreek, lower) + twoOfAKind*3
		}
		return share(modernGreek, lower)
	case eastern:
		return easternLikelihood(name, r)
	}
	switch {
	case r == unicode.ReplacementChar || unicode.IsControl(r):
		return noCharacter
	case !unicode.IsLetter(r) || r == 'ƒ' || r == 'ª' || r == 'º' || r == 'µ':
		return noLetter
	}
	return math.Log(.0002)
}

func share(of map[rune]float64, r rune) float64 {
	if p, ok := of[r]; ok {
		return p
	}
	return math.Log(.0005)
}

// easternLikelihood is letterLikelihood for what takes two bytes: kana, hangul,
// ideograms. The frequent half of each character set comes first in it.
func easternLikelihood(name string, r rune) float64 {
	const frequent, common, kana, half, rare = -5, -8.5, -4.3, -5.5, -13
	switch {
	case r == unicode.ReplacementChar:
		return noCharacter
	case r >= 0xff61 && r <= 0xff9f:
		return half
	case r >= 0x3040 && r <= 0x30ff:
		if name == "shift_jis" || name == "euc-jp" {
			return kana
		}
		return rare
	case unicode.Is(unicode.Hangul, r):
		if strings.ContainsRune(frequentKorean, r) {
			return frequent
		}
		return common
	case !unicode.Is(unicode.Han, r):
		return rare + 1
	case strings.ContainsRune(frequentChinese, r) && name != "euc-kr":
		return frequent
	}
	if inFirstHalf(name, r) {
		return common
	}
	return rare
}
