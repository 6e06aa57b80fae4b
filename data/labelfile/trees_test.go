package labelfile

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"prep/data"
)

func jams(namespace, observations string) string {
	return `{"annotations":[` + jamsPart(namespace, "", observations) + `],"file_metadata":{"title":"A song","duration":2,"jams_version":"0.3.4","identifiers":{}},"sandbox":{}}`
}

func jamsPart(namespace, who, data string) string {
	return `{"namespace":"` + namespace + `","data":` + data + `,"annotation_metadata":{"curator":{"name":"` + who + `","email":""},"annotator":{}},"time":0,"duration":2}`
}

func jamsOf(parts ...string) string {
	return `{"annotations":[` + strings.Join(parts, ",") + `],"file_metadata":{"duration":2,"identifiers":{"filename":"x.wav"}}}`
}

const jamsKick = `[{"time":0.1,"duration":0.05,"value":"kick","confidence":1}]`

var jamsSayings = []saying{
	{"segments", jams("segment_open", jamsKick), Options{}, "100-150 kick"},
	{"events of scaper", jams("scaper", `[{"time":0.1,"duration":0.05,"value":{"label":"kick","snr":3},"confidence":1}]`), Options{}, "100-150 kick"},
	{"onsets", jams("onset", `[{"time":0.1,"duration":0,"value":null,"confidence":null}]`), Options{}, "100"},
	{"beats, whose values are no classes", jams("beat", `[{"time":0.1,"duration":0,"value":3,"confidence":null}]`), Options{}, "100"},
	{"lists of times and values", jams("segment_open", `{"time":[0.1,0.2],"duration":[0.05,0],"value":["kick","hat"],"confidence":[1,1]}`), Options{}, "100-150 kick, 200 hat"},
	{"a tag", jams("tag_open", `[{"time":0,"duration":2,"value":"kick","confidence":1},{"time":0,"duration":2,"value":"loud"}]`), Options{},
		`whole kick, [left out: 1 tag of "tag_open" behind the first]`},
	{"a tag of a part", jams("tag_open", `[{"time":0.5,"duration":0.2,"value":"kick","confidence":1}]`), Options{}, "500-700 kick"},
	{"several people", jamsOf(jamsPart("segment_open", "a", jamsKick), jamsPart("segment_open", "b", `[{"time":0.11,"duration":0,"value":"bass"}]`), jamsPart("segment_open", "a", jamsKick)), Options{},
		`100-150 kick of x.wav by a, 110 bass of x.wav by b, [the annotation "segment_open" is there by several people: what each says is here], [left out: a further annotation "segment_open" by "a" (1 label)]`},
	{"names before moments, chords none", jamsOf(jamsPart("beat", "", `[{"time":0.5,"value":1}]`), jamsPart("chord", "", `[{"time":0.5,"value":"C:maj"}]`), jamsPart("segment_open", "", jamsKick)), Options{},
		`100-150 kick of x.wav, [left out: the annotation "chord" (1 value), whose values are no classes], [left out: the tier "beat" (1 label)]`},
	{"by name", jamsOf(jamsPart("chord", "", `[{"time":0.5,"value":"C:maj"}]`), jamsPart("segment_open", "", jamsKick)), Options{Tier: "chord"},
		`500 C:maj of x.wav, [the labels are those of the tier "chord"; left out: the tier "segment_open" (1 label)]`},
	{"by a name that is not there", jamsOf(jamsPart("segment_open", "", jamsKick)), Options{Tier: "hits"}, `error: there is no tier "hits" with labels; there are the tier "segment_open" (1 label)`},
	{"a model", strings.Replace(jams("segment_open", jamsKick), `"annotator":{}`, `"annotator":{"name":"m"},"data_source":"program"`, 1), Options{}, "100-150 kick by model m"},
	{"no list, no time", jamsOf(jamsPart("segment_open", "", `3`), jamsPart("segment_open", "", `[{"value":"a"},{"time":0.1,"value":"kick"}]`)), Options{},
		`100 kick of x.wav, fault 1: the annotation "segment_open": its data are no list, fault 1: an observation of "segment_open" without a time`},
	{"a title that is a file", strings.Replace(jams("segment_open", jamsKick), "A song", "p1/a.wav", 1), Options{}, "100-150 kick of p1/a.wav"},
	{"cut short", jams("segment_open", jamsKick)[:60], Options{}, "error: no JAMS file: unexpected EOF"},
}

func TestJAMS(t *testing.T) { checkSayings(t, ".jams", jamsSayings) }

func elan(slots, tiers string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><ANNOTATION_DOCUMENT><HEADER TIME_UNITS="milliseconds"><MEDIA_DESCRIPTOR MEDIA_URL="file:///C:/x/take%201.wav" RELATIVE_MEDIA_URL="./take%201.wav" MIME_TYPE="audio/x-wav"/></HEADER><TIME_ORDER>` +
		slots + `</TIME_ORDER>` + tiers + `</ANNOTATION_DOCUMENT>`
}

// slots are ts1, ts2 and so on, each at a time or "".
func slots(times ...string) string {
	var b strings.Builder
	for i, t := range times {
		b.WriteString(`<TIME_SLOT TIME_SLOT_ID="ts` + string(rune('1'+i)) + `"`)
		if t != "" {
			b.WriteString(` TIME_VALUE="` + t + `"`)
		}
		b.WriteString(`/>`)
	}
	return b.String()
}

func elanOne(id, from, to, value string) string {
	return `<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="` + id + `" TIME_SLOT_REF1="` + from + `" TIME_SLOT_REF2="` + to + `"><ANNOTATION_VALUE>` + value + `</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>`
}

func elanRef(id, parent, value string) string {
	return `<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="` + id + `" ANNOTATION_REF="` + parent + `"><ANNOTATION_VALUE>` + value + `</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>`
}

func elanTierOf(name, notes string) string {
	return `<TIER TIER_ID="` + name + `">` + notes + `</TIER>`
}

const onTake1 = " of take 1.wav"

var elanSayings = []saying{
	{"one", elan(slots("100", "150"), elanTierOf("hits", elanOne("a1", "ts1", "ts2", "kick &amp; hat"))), Options{}, "100-150 kick & hat" + onTake1},
	{"a millisecond is a moment", elan(slots("100", "101"), elanTierOf("hits", elanOne("a1", "ts1", "ts2", "kick"))), Options{}, "100 kick" + onTake1},
	{"who", elan(slots("100", "150"), strings.Replace(elanTierOf("hits", elanOne("a1", "ts1", "ts2", "kick")), "<TIER ", `<TIER ANNOTATOR="me" `, 1)), Options{}, "100-150 kick" + onTake1 + " by me"},
	{"slots without a time", elan(slots("100", "", "", "400"), elanTierOf("hits", elanOne("a1", "ts1", "ts2", "a")+elanOne("a2", "ts2", "ts3", "b")+elanOne("a3", "ts3", "ts4", "c"))), Options{},
		"100-200 a" + onTake1 + ", 200-300 b" + onTake1 + ", 300-400 c" + onTake1 + ", [2 boundaries without a time: spread evenly between those around them]"},
	{"slots without a time at an end", elan(slots("100", "150", "", ""), elanTierOf("hits", elanOne("a1", "ts1", "ts2", "a")+elanOne("a2", "ts3", "ts4", "b"))), Options{},
		"100-150 a" + onTake1 + `, [left out: 1 annotation of the tier "hits" without a time]`},
	{"references", elan(slots("100", "200"), elanTierOf("hits", elanRef("a2", "a1", "x")+elanRef("a3", "a1", "y")+elanRef("a4", "a3", "z"))+elanTierOf("parent", elanOne("a1", "ts1", "ts2", "kick"))), Options{Tier: "hits"},
		"100-150 x" + onTake1 + ", 150-200 y" + onTake1 + ", 100-200 z" + onTake1 + `, [the labels are those of the tier "hits"; left out: the tier "parent" (1 label)]`},
	{"references in a ring", elan(slots("100", "200"), elanTierOf("hits", elanRef("a2", "a3", "x")+elanRef("a3", "a2", "y")+elanRef("a4", "none", "y")+elanOne("a1", "ts1", "ts2", "kick"))), Options{},
		"100-200 kick" + onTake1 + `, [left out: 3 annotations of the tier "hits" without a time]`},
	{"several tiers", elan(slots("100", "150", "300"), elanTierOf("phrase", elanOne("a0", "ts1", "ts3", "take one"))+elanTierOf("hits", elanOne("a1", "ts1", "ts2", "kick")+elanOne("a2", "ts2", "ts3", "hat"))), Options{},
		"100-150 kick" + onTake1 + ", 150-300 hat" + onTake1 + `, [the labels are those of the tier "hits"; left out: the tier "phrase" (1 label)]`},
	{"two tiers of one name", elan(slots("100", "150", "300"), elanTierOf("hits", elanOne("a0", "ts2", "ts3", "hat"))+elanTierOf("hits", elanOne("a1", "ts1", "ts2", "kick"))), Options{},
		"100-150 kick" + onTake1 + ", 150-300 hat" + onTake1 + `, [2 tiers are named "hits"; all of them are read]`},
	{"many tiers", elan(slots("100", "150", "300"), elanTierOf("hits", elanOne("a0", "ts1", "ts2", "hat"))+strings.Repeat(elanTierOf("x", elanOne("a1", "ts1", "ts2", "kick")), 11)), Options{},
		"100-150 hat" + onTake1 + `, [the labels are those of the tier "hits"; left out: ` + strings.Repeat(`the tier "x" (1 label), `, 9) + `the tier "x" (1 label) and 1 more]`},
	{"an origin", strings.Replace(elan(slots("100", "150"), elanTierOf("hits", elanOne("a1", "ts1", "ts2", "kick"))), "<MEDIA_DESCRIPTOR ", `<MEDIA_DESCRIPTOR TIME_ORIGIN="500" `, 1), Options{},
		"600-650 kick" + onTake1 + ", [the recording begins 500 ms before the document, as it says itself]"},
	{"an entity from outside", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + elan(slots("100", "150"), elanTierOf("hits", elanOne("a1", "ts1", "ts2", "&x;"))), Options{},
		"100-150" + onTake1 + ", fault 1: the XML cannot be read from here: XML syntax error on line 1: invalid character entity &x;"},
	{"two media, an annotation outside", `<ANNOTATION_DOCUMENT>` + elanOne("a0", "ts1", "ts2", "no") + `<MEDIA_DESCRIPTOR MEDIA_URL="a.wav"/><MEDIA_DESCRIPTOR MEDIA_URL="b.wav"/>` + slots("100", "150") + elanTierOf("t", elanOne("a1", "ts1", "ts2", "kick")) + `</ANNOTATION_DOCUMENT>`, Options{},
		"100-150 kick of a.wav"},
	{"too deep", "<ANNOTATION_DOCUMENT>" + strings.Repeat("<a>", 100), Options{}, "fault 1: the XML cannot be read from here: elements more than 64 deep in each other"},
	{"an encoding that it declares", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><ANNOTATION_DOCUMENT>" + slots("100", "150") + elanTierOf("t", elanOne("a1", "ts1", "ts2", "gr\xfcn")) + `</ANNOTATION_DOCUMENT>`, Options{}, "100-150 grün"},
	{"an encoding that nobody knows", "<?xml version=\"1.0\" encoding=\"klingon\"?><ANNOTATION_DOCUMENT>" + slots("100", "150") + elanTierOf("t", elanOne("a1", "ts1", "ts2", "a")) + `</ANNOTATION_DOCUMENT>`, Options{}, "100-150 a"},
}

func TestELAN(t *testing.T) { checkSayings(t, ".eaf", elanSayings) }

func svl(models string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE sonic-visualiser><sv><data>` + models + `</data></sv>`
}

func svModelOf(id, attributes, points string) string {
	return `<model id="` + id + `" name="m` + id + `" sampleRate="1000" type="sparse" ` + attributes + ` dataset="d` + id + `"/><dataset id="d` + id + `">` + points + `</dataset>`
}

var svlSayings = []saying{
	{"instants", svl(svModelOf("1", `dimensions="1"`, `<point frame="100" label="kick"/><point frame="200" label=""/>`)), Options{}, "100 kick, 200"},
	{"regions", svl(svModelOf("1", `dimensions="3" subtype="region"`, `<point frame="100" value="5" duration="40" label="kick"/>`)), Options{}, "100-140 kick"},
	{"notes", svl(svModelOf("1", `dimensions="3" subtype="note"`, `<point frame="100" value="60" duration="40" level="0.8" label="kick"/>`)), Options{}, "100-140 kick"},
	{"instants that are counted", svl(svModelOf("1", `dimensions="1"`, `<point frame="100" label="1"/><point frame="200" label="2"/>`)), Options{},
		`100, 200, [the labels of the layer "m1" are numbers: taken as moments without a class]`},
	{"several layers", svl(svModelOf("1", `dimensions="1"`, `<point frame="100" label="a"/>`)+svModelOf("2", `dimensions="1"`, `<point frame="100" label="b"/><point frame="200" label="c"/>`)) + `<!-- -->`, Options{},
		`100 b, 200 c, [the labels are those of the tier "m2"; left out: the tier "m1" (1 label)]`},
	{"a layer by its name", `<sv><data>` + svModelOf("1", `dimensions="1"`, `<point frame="100" label="a"/>`) + svModelOf("2", `dimensions="1"`, `<point frame="100" label="b"/>`) + `</data><display><layer id="3" name="Hits" model="2"/></display></sv>`, Options{Tier: "Hits"},
		`100 b, [the labels are those of the tier "Hits"; left out: the tier "m1" (1 label)]`},
	{"the recording's rate", svl(strings.Replace(svModelOf("1", ``, `<point frame="100" label="kick"/>`), `sampleRate="1000"`, "", 1)), Options{}, "100 kick"},
	{"frames that are none", svl(svModelOf("1", ``, `<point frame="x" label="kick"/><point frame="-5" label="a"/><point frame="100" label="kick"/>`)), Options{},
		`100 kick, fault 1: frame "x" at 1000 Hz is no moment, fault 2: -0.005 s to 0 s lies outside any recording`},
	{"a curve without labels", svl(svModelOf("1", `dimensions="2"`, `<point frame="100" value="3.2" label=""/><point frame="110" value="3.3"/>`)), Options{},
		`error: no labels in it: left out: the curve "m1" (2 points), which has no labels`},
	{"cut short", svl(svModelOf("1", `dimensions="1"`, `<point frame="100" label="kick"/>`))[:230], Options{}, "100 kick, fault 1: the XML cannot be read from here: XML syntax error on line 1: unexpected EOF"},
	{"nothing", svl(""), Options{}, "error: no labels in it: it is empty"},
}

func TestSonicVisualiser(t *testing.T) { checkSayings(t, ".svl", svlSayings) }

// testdata/session.sv is compressed by bzip2, of one layer beside the audio.
func TestSessions(t *testing.T) {
	b, err := os.ReadFile("testdata/session.sv")
	if err != nil {
		t.Fatal(err)
	}
	if got := says("take.sv", string(b), Options{}); got != "100 kick, 200 hat" {
		t.Errorf("it says %s", got)
	}
	if got := says("take.sv", string(b[:len(b)/2]), Options{}); !strings.HasPrefix(got, "error: a session of Sonic Visualiser that cannot be decompressed") {
		t.Errorf("half of it says %s", got)
	}
}

// A layer of moments is one of instants.
func TestInstantsAreWritten(t *testing.T) {
	var b bytes.Buffer
	rec := Recording{Recording: data.Recording{Rate: 1000, Samples: 500}, Marks: []Mark{{Onset: .1, Class: "kick"}, {Whole: true, Class: "x"}}}
	if err := WriteOne(&b, "svl", rec); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `dimensions="1" resolution`) || says("a.svl", b.String(), Options{}) != "100 kick" {
		t.Error(b.String())
	}
}

func reaper(lines string) string {
	return "<REAPER_PROJECT 0.1 \"6.0/linux\" 1700000000\n  TEMPO 120 4 4\n" + lines + ">\n"
}

const reaperTake = "  <TRACK {1}\n    <ITEM\n      POSITION 10\n      LENGTH 5\n      SOFFS 0.5\n      PLAYRATE 1 1 0 -1 0 0.0025\n      <SOURCE WAVE\n        FILE \"audio\\take 1.wav\"\n      >\n      TKM 0.75 snare\n    >\n  >\n"

var reaperSayings = []saying{
	{"markers", reaper("  MARKER 1 0.1 kick 0 0 1 R {A}\n  MARKER 2 0.2 \"open hat\" 0\n  MARKER 3 0.3 'say \"t\"' 0\n  MARKER 4 0.4\n"), Options{},
		`100 kick, 200 open hat, 300 say "t", 400`},
	{"a region", reaper("  MARKER 1 0.1 kick 1 0 1 R {A} 0\n  MARKER 1 0.15 \"\" 1\n  MARKER 2 0.2 hat 1\n"), Options{}, "100-150 kick, 200 hat"},
	{"recordings on the time line", reaper("  MARKER 1 10.1 kick 0\n  MARKER 2 3 lost 0\n" + reaperTake), Options{},
		"600 kick of audio/take 1.wav, 750 snare of audio/take 1.wav, [left out: 1 marker where no recording lies on the time line], [times are those of the recordings on the time line (1 item)]"},
	{"no numbers", reaper("  MARKER 1 soon kick 0\n  MARKER 1 0.1 hat 0\n  <ITEM\n    POSITION x\n    POSITION\n  >\n"), Options{},
		`fault 3: "soon" is not a time in seconds, fault 6: "x" is not a number, [left out: 1 marker where no recording lies on the time line], [times are those of the recordings on the time line (1 item)]`},
	{"quotes that do not end", reaper("  MARKER 1 0.1 \"kick\n>\n>\nafter the end\n"), Options{}, "100 kick"},
	{"blocks too deep", "<REAPER_PROJECT\nMARKER 1 0.1 kick 0\n" + strings.Repeat("<A\n", 1000), Options{}, "100 kick, fault 1002: blocks too deep in each other"},
}

func TestReaper(t *testing.T) { checkSayings(t, ".rpp", reaperSayings) }
