package labelfile

import "testing"

func xmp(tracks string) string {
	return `<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r" xmlns:xmpDM="d"><rdf:Description><xmpDM:Tracks><rdf:Bag>` + tracks + `</rdf:Bag></xmpDM:Tracks></rdf:Description></rdf:RDF></x:xmpmeta>`
}

var xmpSayings = []saying{
	{"elements", xmp(`<rdf:li rdf:parseType="Resource"><xmpDM:trackName>CuePoint Markers</xmpDM:trackName><xmpDM:frameRate>f44100</xmpDM:frameRate><xmpDM:markers><rdf:Seq><rdf:li rdf:parseType="Resource"><xmpDM:startTime>4410</xmpDM:startTime><xmpDM:duration>2205</xmpDM:duration><xmpDM:name>kick</xmpDM:name></rdf:li></rdf:Seq></xmpDM:markers></rdf:li>`), Options{},
		"100-150 kick"},
	{"attributes", xmp(`<rdf:li><rdf:Description xmpDM:frameRate="f48000"><xmpDM:markers><rdf:Seq><rdf:li><rdf:Description xmpDM:startTime="4800" xmpDM:name="Marker 01" xmpDM:comment="kick"/></rdf:li><rdf:li><rdf:Description xmpDM:startTime="9600f96000" xmpDM:name="Marker 02"/></rdf:li></rdf:Seq></xmpDM:markers></rdf:Description></rdf:li>`), Options{},
		"100 kick, 100"},
	{"seconds, a name by language", xmp(`<rdf:li><xmpDM:markers><rdf:Seq><rdf:li><xmpDM:startTime>2</xmpDM:startTime><xmpDM:name><rdf:Alt><rdf:li>hat</rdf:li></rdf:Alt></xmpDM:name></rdf:li></rdf:Seq></xmpDM:markers></rdf:li>`), Options{}, "2000 hat"},
	{"a fraction, a time that is none", xmp(`<rdf:li xmpDM:frameRate="f30000s1001"><xmpDM:markers><rdf:Seq><rdf:li xmpDM:startTime="30000" xmpDM:name="a"/><rdf:li xmpDM:startTime="soon" xmpDM:name="b"/><rdf:li xmpDM:name="c"/></rdf:Seq></xmpDM:markers></rdf:li>`), Options{},
		`1.001e+06 a, 0 c, fault 2: "soon" is not a number of counts`},
	{"cut short", xmp("")[:100], Options{}, "fault 1: the XML cannot be read from here: XML syntax error on line 1: unexpected EOF"},
}

func TestXMP(t *testing.T) { checkSayings(t, ".xmp", xmpSayings) }
