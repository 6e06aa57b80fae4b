package labelfile

import (
	"reflect"
	"testing"
)

var labelFiles = []struct {
	name, text string
	want       []mark
	faults     []int // their lines
}{
	{"audacity regions and points", "0.1\t0.2\tKick\n0.5\t0.5\tHi hat\n", []mark{{1, 0.1, 0.2, "Kick"}, {2, 0.5, 0, "Hi hat"}}, nil},
	{"audacity frequency lines", "0.1\t0.2\tKick\n\\\t100.0\t200.0\n0.3\t0.4\tSnare\n", []mark{{1, 0.1, 0.2, "Kick"}, {3, 0.3, 0.4, "Snare"}}, nil},
	{"audacity without text", "0.1\t0.2\t\n0.3\t0.4\n", []mark{{1, 0.1, 0.2, ""}, {2, 0.3, 0.4, ""}}, nil},
	{"audacity decimal comma", "0,1\t0,2\tKick\n", []mark{{1, 0.1, 0.2, "Kick"}}, nil},
	{"a label that is a number", "0.1\t0.2\t3\n", []mark{{1, 0.1, 0.2, "3"}}, nil},
	{"bad line loses nothing else", "0.1\t0.2\tKick\noops\n0.3\t0.4\tHH\n", []mark{{1, 0.1, 0.2, "Kick"}, {3, 0.3, 0.4, "HH"}}, []int{2}},
	{"blanks", "0.000476 0.117143 Kick\n", []mark{{1, 0.000476, 0.117143, "Kick"}}, nil},
	{"csv two columns", "0.5,kick\n1.5,snare\n", []mark{{1, 0.5, 0, "kick"}, {2, 1.5, 0, "snare"}}, nil},
	{"csv header", "onset,label\n0.5,kick\n", []mark{{2, 0.5, 0, "kick"}}, nil},
	{"csv header in another order", "label,onset,offset\n\"k, deep\",0.5,0.75\n", []mark{{2, 0.5, 0.75, "k, deep"}}, nil},
	{"csv duration", "time,duration,label\n0.5,0.25,kick\n", []mark{{2, 0.5, 0.75, "kick"}}, nil},
	{"csv semicolons and commas", "onset;label\n0,5;kick\n", []mark{{2, 0.5, 0, "kick"}}, nil},
	{"csv three columns", "0.5,0.6,kick\n", []mark{{1, 0.5, 0.6, "kick"}}, nil},
	{"first label named like a column", "0.5,start\n0.7,end\n", []mark{{1, 0.5, 0, "start"}, {2, 0.7, 0, "end"}}, nil},
	{"tsv header", "onset\toffset\tlabel\n0.5\t0.6\tkick\n", []mark{{2, 0.5, 0.6, "kick"}}, nil},
	{"units in the header", "Start Time [s],end_sec,Category\n0.5,0.6,kick\n", []mark{{2, 0.5, 0.6, "kick"}}, nil},
	{"seconds beside milliseconds", "onset_ms,onset_s,label\n500,0.5,kick\n", []mark{{2, 0.5, 0, "kick"}}, nil},
	{"nothing but milliseconds", "onset_ms,label\n5,kick\n7,kick\n", []mark{{2, 0.005, 0, "kick"}, {3, 0.007, 0, "kick"}}, nil},
	{"BIDS events", "onset\tduration\ttrial_type\n0.5\t0.25\tkick\n", []mark{{2, 0.5, 0.75, "kick"}}, nil},
	{"onsets", "0.25\n0.5\n", []mark{{1, 0.25, 0, ""}, {2, 0.5, 0, ""}}, nil},
	{"times that are none", "-1\t2\ta\nnan,b\n0x10,c\n1e99,d\n5\t4\te\n", nil, nil},
	{"byte-order mark, windows line ends", "\xef\xbb\xbf0.5,kick\r\n0.7,snare\r\n", []mark{{1, 0.5, 0, "kick"}, {2, 0.7, 0, "snare"}}, nil},
	{"utf-16", "\xff\xfe0\x00.\x005\x00,\x00k\x00\n\x00", []mark{{1, 0.5, 0, "k"}}, nil},
	{"not text", "0.5\x00", nil, nil},
	{"quotes", "0.5,\"kick\n0.7,snare\n", []mark{{2, 0.7, 0, "snare"}}, []int{1}},
	{"raven", "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tAnnotation\n" +
		"1\tSpectrogram 1\t1\t0.5\t0.6\t0\tkick\n", []mark{{2, 0.5, 0.6, "kick"}}, nil},
	{"reaper", "#,Name,Start,End,Length\nM1,kick,0:00.500,,\nR1,\"hat, open\",1:02.250,1:03.000,0:00.750\n# a note\n",
		[]mark{{2, 0.5, 0, "kick"}, {3, 62.25, 63, "hat, open"}}, nil},
	{"a remark before the labels", "# start of the take\n0.5,kick\n1:00:01,snare\n1:75,x\n", []mark{{2, 0.5, 0, "kick"}, {3, 3601, 0, "snare"}}, []int{4}},
	{"textgrid long", longGridOf010, []mark{{16, 0.5, 0.7, "kick"}}, nil},
	{"textgrid short", shortGrid, []mark{{16, 0.5, 0, `say "ts"`}, {18, 0.9, 0, "b"}}, nil},
	{"textgrid cut", longGridOf010[:250], nil, []int{15}},
}

// What prep 0.1.0 read is read.
func TestKindsOfLabelFiles(t *testing.T) {
	for _, test := range labelFiles {
		t.Run(test.name, func(t *testing.T) {
			r, err := Read("take.txt", []byte(test.text), Source{}, Options{})
			var got []mark
			for _, m := range r.Marks {
				got = append(got, mark{m.Line, m.Onset, m.End, m.Class})
			}
			var faults []int
			for _, f := range r.Faults {
				faults = append(faults, f.Line)
			}
			if !reflect.DeepEqual(got, test.want) || !reflect.DeepEqual(faults, test.faults) {
				t.Errorf("got %v, faults %v, %v; want %v, faults %v", got, r.Faults, err, test.want, test.faults)
			}
		})
	}
}

// mark is a Mark in short.
type mark struct {
	line       int
	onset, end float64
	class      string
}

const longGridOf010 = `File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 2.3
tiers? <exists>
size = 1
item []:
    item [1]:
        class = "IntervalTier"
        name = "hits"
        xmin = 0
        xmax = 2.3
        intervals: size = 2
        intervals [1]:
            xmin = 0.5
            xmax = 0.7
            text = "kick"
        intervals [2]:
            xmin = 0.7
            xmax = 2.3
            text = ""
`
