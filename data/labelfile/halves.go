package labelfile

import "golang.org/x/text/encoding/htmlindex"

// firstHalf are the lead bytes of the frequent ideograms of each character set:
// GB 2312 and JIS X 0208 level 1, Big5's frequently used.
var firstHalf = map[string][2]byte{
	"gbk": {0xb0, 0xd7}, "euc-jp": {0xb0, 0xcf}, "shift_jis": {0x88, 0x98}, "big5": {0xa4, 0xc6},
}

// inFirstHalf says whether an ideogram is among the frequent of its set.
func inFirstHalf(name string, r rune) bool {
	enc, err := htmlindex.Get(name)
	if err != nil {
		return false
	}
	b, err := enc.NewEncoder().Bytes([]byte(string(r)))
	leads, ok := firstHalf[name]
	return err == nil && ok && len(b) == 2 && b[0] >= leads[0] && b[0] <= leads[1] && (name != "gbk" || b[1] >= 0xa1)
}
