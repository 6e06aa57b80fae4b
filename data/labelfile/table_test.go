package labelfile

import (
	"fmt"
	"strings"
	"testing"
)

// What the reader before this one read, as it read it.
func TestTablesAsEver(t *testing.T) {
	for _, test := range []reads{
		{name: "regions and points", file: "a.txt", format: "audacity", text: "0.1\t0.2\tKick\n0.5\t0.5\tHi hat\n", marks: "0.1-0.2 Kick; 0.5 Hi hat"},
		{name: "frequency lines", file: "a.txt", text: "0.1\t0.2\tKick\n\\\t100.0\t200.0\n0.3\t0.4\tSnare\n", marks: "0.1-0.2 Kick; 0.3-0.4 Snare"},
		{name: "without text", file: "a.txt", format: "audacity", text: "0.1\t0.2\t\n0.3\t0.4\n", marks: "0.1-0.2 ; 0.3-0.4 "},
		{name: "decimal comma", file: "a.txt", text: "0,1\t0,2\tKick\n", marks: "0.1-0.2 Kick"},
		{name: "a label that is a number", file: "a.txt", text: "0.1\t0.2\t3\n", marks: "0.1-0.2 3"},
		{name: "bad line loses nothing else", file: "a.txt", text: "0.1\t0.2\tKick\noops\n0.3\t0.4\tHH\n", marks: "0.1-0.2 Kick; 0.3-0.4 HH", faults: `2: the onset: "oops" is not a time`},
		{name: "blanks", file: "a.txt", text: "0.000476 0.117143 Kick\n", marks: "0.000476-0.117143 Kick"},
		{name: "csv two columns", file: "a.csv", text: "0.5,kick\n1.5,snare\n", marks: "0.5 kick; 1.5 snare", notes: []string{}},
		{name: "csv header", file: "a.csv", text: "onset,label\n0.5,kick\n", marks: "0.5 kick"},
		{name: "header in another order", file: "a.csv", text: "label,onset,offset\n\"k, deep\",0.5,0.75\n", marks: "0.5-0.75 k, deep"},
		{name: "duration", file: "a.csv", text: "time,duration,label\n0.5,0.25,kick\n", marks: "0.5-0.75 kick"},
		{name: "semicolons and commas", file: "a.csv", text: "onset;label\n0,5;kick\n", marks: "0.5 kick"},
		{name: "three columns", file: "a.csv", text: "0.5,0.6,kick\n", marks: "0.5-0.6 kick"},
		{name: "labels named like columns", file: "a.csv", text: "0.5,start\n0.7,end\n", marks: "0.5 start; 0.7 end"},
		{name: "tsv header", file: "a.tsv", text: "onset\toffset\tlabel\n0.5\t0.6\tkick\n", marks: "0.5-0.6 kick"},
		{name: "units in the header", file: "a.csv", text: "Start Time [s],end_sec,Category\n0.5,0.6,kick\n", marks: "0.5-0.6 kick"},
		{name: "seconds beside milliseconds", file: "a.csv", text: "onset_ms,onset_s,label\n500,0.5,kick\n", marks: "0.5 kick"},
		{name: "BIDS events", file: "a.tsv", text: "onset\tduration\ttrial_type\n0.5\t0.25\tkick\n", marks: "0.5-0.75 kick"},
		{name: "onsets", file: "a.onsets", format: "onsets", text: "0.25\n0.5\n", marks: "0.25 ; 0.5 "},
		{name: "times that are none", file: "a.csv", text: "0.1,0.2,x\n0.3,0.4,y\n1.1,1.2,z\n2,3,v\n3,4,v\n-1,2,a\nnan,9,b\n5,4,e\n", marks: "0.1-0.2 x; 0.3-0.4 y; 1.1-1.2 z; 2-3 v; 3-4 v",
			faults: `6: the onset: -1 s lies outside any recording; 7: the onset: "nan" is not a time; 8: it ends at 4 s, before it begins at 5 s`},
		{name: "byte-order mark, windows line ends", file: "a.csv", text: "\xef\xbb\xbf0.5,kick\r\n0.7,snare\r\n", marks: "0.5 kick; 0.7 snare"},
		{name: "old Macintosh line ends", file: "a.csv", text: "0.5,kick\r0.7,snare\r", marks: "0.5 kick; 0.7 snare"},
		{name: "utf-16", file: "a.csv", text: "\xff\xfe0\x00.\x005\x00,\x00k\x00\n\x00", marks: "0.5 k"},
		{name: "utf-16 without a mark", file: "a.csv", text: "0\x00.\x005\x00,\x00k\x00\n\x00", marks: "0.5 k", notes: []string{"UTF-16, without a mark"}},
		{name: "utf-16, the other end first", file: "a.csv", text: "\x000\x00.\x005\x00,\x00k\x00\n", marks: "0.5 k"},
		{name: "utf-16, marked so", file: "a.csv", text: "\xfe\xff\x000\x00.\x005\x00,\x00k\x00\n", marks: "0.5 k"},
		{name: "not text", file: "a.csv", text: "0.5\x00\x01\x02kick,snare\x00\x00", err: "no known format"},
		{name: "quotes", file: "a.csv", text: "0.5,\"kick\n0.7,snare\n", marks: "0.7 snare", faults: "1: its quotes do not match"},
		{name: "a remark before the labels", file: "a.csv", text: "# start of the take\n0.5,kick\n1:00:01,snare\n1:00:02,snare\n1:00:03,snare\n1:2:3:4,x\n1:-5,x\n1:75,x\n",
			marks: "0.5 kick; 3601 snare; 3602 snare; 3603 snare", faults: `6: the onset: "1:2:3:4" is not a time; 7: the onset: "1:-5" is not a time; 8`},
	} {
		t.Run(test.name, test.check)
	}
}

func TestHeaders(t *testing.T) {
	for _, test := range []reads{
		{name: "milliseconds", file: "a.csv", text: "onset_ms,end_ms,label\n500,600,kick\n", marks: "0.5-0.6 kick"},
		{name: "samples", file: "a.csv", src: Source{Rate: 1000}, text: "start_sample,label\n500,kick\n", marks: "0.5 kick"},
		{name: "samples of nobody knows what", file: "a.csv", text: "start_sample,label\n500,kick\n", faults: `1: the times in the column "start_sample" count samples`},
		{name: "microseconds", file: "a.csv", text: "start_us,label\n500000,kick\n", marks: "0.5 kick"},
		{name: "frames", file: "a.csv", text: "start_frame,label\n500,kick\n", faults: `1: the times in the column "start_frame" count frames;`},
		{name: "the unit as asked", file: "a.csv", o: Options{Unit: "ms"}, text: "start_frame,label\n500,kick\n", marks: "0.5 kick"},
		{name: "clock times stay", file: "a.csv", o: Options{Unit: "ms"}, text: "start,label\n0:01.5,kick\n2000,hat\n", marks: "1.5 kick; 2 hat"},
		{name: "units in the cells", file: "a.csv", text: "start,label\n500ms,kick\n0.7 s,hat\n0.8,hat\n", marks: "0.5 kick; 0.7 hat; 0.8 hat"},
		{name: "title lines before", file: "a.csv", text: "Session 5\n\nkitchen,SM58\nonset,label\n0.5,kick\n", marks: "0.5 kick", notes: []string{"2 lines before the names of the columns"}},
		{name: "words nobody knows", file: "a.csv", text: "quando;che cosa\n0,5;kick\n0,7;hat\n", marks: "0.5 kick; 0.7 hat", notes: []string{`onset is in the column "quando"`, `"che cosa", the only one of words`}},
		{name: "German", file: "a.csv", text: "Beginn;Ende;Klasse\n0,5;0,6;Bumm\n", marks: "0.5-0.6 Bumm"},
		{name: "words in the header for the onset", file: "a.csv", text: "time,onset,label\nlate,0.5,kick\n", marks: "0.5 kick", notes: []string{`left out: the column "time"`}},
		{name: "velocity and confidence are left out", file: "a.csv", text: "onset,velocity,confidence,label\n0.5,100,.9,kick\n", marks: "0.5 kick", notes: []string{`left out: the columns "velocity", "confidence"`}},
		{name: "an index is no class", file: "a.csv", text: "index,onset,velocity\n0,0.5,100\n1,0.7,90\n", marks: "0.5 ; 0.7 ", notes: []string{"no column names a class"}},
		{name: "classes by number", file: "a.csv", text: "onset,class\n0.5,1\n0.7,2\n", marks: "0.5 1; 0.7 2"},
		{name: "a column of words wins over one of codes", file: "a.csv", text: "onset,class,name\n0.5,1,kick\n0.7,2,hat\n", marks: "0.5 kick; 0.7 hat", notes: []string{`left out: the column "class"`}},
		{name: "comments are no class", file: "a.csv", text: "onset,comment\n0.5,oops\n", marks: "0.5 ", notes: []string{"no column names a class", `left out: the column "comment"`}},
		{name: "camel case", file: "a.csv", text: "startTime,endTime,className\n0.5,0.6,kick\n", marks: "0.5-0.6 kick"},
		{name: "in a remark", file: "a.csv", text: "# onset, label\n0.5, kick\n#0.7, hat\n", marks: "0.5 kick"},
		{name: "between blanks", file: "a.txt", text: "onset offset label\n0.5 0.6 open hat\n", marks: "0.5-0.6 open hat"},
		{name: "offset and duration", file: "a.csv", text: "offset,duration,label\n0.5,0.1,kick\n", marks: "0.5-0.6 kick", notes: []string{"is the onset, for there is a duration"}},
		{name: "an end and a duration", file: "a.csv", text: "start,end,duration,label\n0.5,0.6,0.1,kick\n0.7,,0.2,hat\n", marks: "0.5-0.6 kick; 0.7-0.9 hat"},
		{name: "who", file: "a.csv", text: "onset,label,annotator\n0.5,kick,Ada\n", marks: "0.5 kick by Ada"},
		{name: "all quoted", file: "a.tsv", text: "\"onset\"\t\"label\"\n\"0.5\"\t\"say \"\"ts\"\"\"\n", marks: `0.5 say "ts"`},
		{name: "quoted where need be", file: "a.tsv", text: "onset\tlabel\n0.5\t\"say \"\"ts\"\"\"\n0.7\t\"q\"\n", marks: `0.5 say "ts"; 0.7 "q"`},
		{name: "a cell over lines", file: "a.csv", text: "onset,label,comment\n0.5,kick,\"one\ntwo\"\n0.7,hat,\n", marks: "0.5 kick; 0.7 hat"},
		{name: "remarks between", file: "a.csv", text: "onset,label\n0.5,kick\n# a pause\n0.7,hat\n", marks: "0.5 kick; 0.7 hat", notes: []string{`"label"`}},
		{name: "many columns", file: "a.csv", text: "onset,label" + strings.Repeat(",x", 20) + "\n0.5,kick" + strings.Repeat(",1", 20) + "\n", marks: "0.5 kick", notes: []string{"8 more"}},
		{name: "times that go back", file: "a.csv", text: "onset,label\n0.7,hat\n0.5,kick\n", marks: "0.5 kick; 0.7 hat", notes: []string{"the times go back; the labels are sorted"}},
		{name: "an onset of no number", file: "a.csv", text: "onset,label\n0.7,hat\nsoon,kick\n", marks: "0.7 hat", faults: `3: the onset: "soon" is not a time`},
		{name: "an end of no number", file: "a.csv", text: "onset,end,label\n0.7,0.8,hat\n0.9,soon,kick\n", marks: "0.7-0.8 hat", faults: `3: the end: "soon" is not a time`},
		{name: "a duration of no number", file: "a.csv", text: "onset,duration,label\n0.7,.1,hat\n0.9,-.1,kick\n", marks: "0.7-0.8 hat", faults: `3: the duration: -0.1 s lies outside`},
		{name: "nothing but names", file: "a.csv", text: "end,duration,label\nx,y,z\n", err: "no column holds times"},
	} {
		t.Run(test.name, test.check)
	}
}

func TestTablesWithoutHeader(t *testing.T) {
	for _, test := range []reads{
		{name: "time, height, label", file: "a.txt", text: "0.25\t0.5\tkick\n0.6\t0.5\that\n0.95\t0.5\tsnare\n", marks: "0.25 kick; 0.6 hat; 0.95 snare", notes: []string{"left out: the column 2"}},
		{name: "time, velocity, label", file: "a.csv", text: "0.25,100,kick\n0.6,90,hat\n0.95,110,snare\n", marks: "0.25 kick; 0.6 hat; 0.95 snare", notes: []string{"left out: the column 2"}},
		{name: "index, onset, label", file: "a.csv", text: "0,0.25,kick\n1,0.6,hat\n2,0.95,snare\n", marks: "0.25 kick; 0.6 hat; 0.95 snare", notes: []string{"left out: the column 1, which counts the rows"}},
		{name: "index, onset, end, label", file: "a.csv", text: "1,1.25,1.3,kick\n2,2.6,2.7,hat\n3,3.95,4,snare\n", marks: "1.25-1.3 kick; 2.6-2.7 hat; 3.95-4 snare", notes: []string{"which counts the rows"}},
		{name: "regions from whole seconds", file: "a.txt", text: "0\t0.5\tkick\n1\t1.5\that\n2\t2.5\tsnare\n", format: "audacity", marks: "0-0.5 kick; 1-1.5 hat; 2-2.5 snare"},
		{name: "overlapping regions", file: "a.txt", text: "0\t1.5\tkick\n1\t2.5\that\n2\t3.5\tsnare\n", marks: "0-1.5 kick; 1-2.5 hat; 2-3.5 snare"},
		{name: "commas between cells and in numbers", file: "a.csv", text: "0,250,kick\n0,600,hat\n1,300,kick\n", faults: "1: commas stand between its cells and in its numbers"},
		{name: "blanks around tabs", file: "X_class.txt", text: "0.25 \t KD \t \n0.6 \t SD \t \n", marks: "0.25 KD; 0.6 SD"},
		{name: "points of a beat tracker", file: "a.txt", text: "0.25\t1\n0.75\t2\n1.25\t3\n1.75\t4\n2.25\t1\n", marks: "0.25 ; 0.75 ; 1.25 ; 1.75 ; 2.25 ", notes: []string{"left out: the column 2"}},
		{name: "nested regions", file: "a.txt", format: "audacity", text: "0.000000\t9.500000\tphrase\n1.000000\t8.500000\tbar\n2.000000\t3.500000\tsnare\n", marks: "0-9.5 phrase; 1-8.5 bar; 2-3.5 snare"},
		{name: "class first", file: "a.csv", text: "kick,0.25\nhat,0.6\n", marks: "0.25 kick; 0.6 hat"},
		{name: "of many recordings", file: "a.tsv", text: "p1/take.flac\t0.25\t0.29\tkick\np2/take2.flac\t0.6\t0.64\that\n", marks: "0.25-0.29 kick @p1/take.flac; 0.6-0.64 hat @p2/take2.flac", notes: []string{"the recordings are named in the column 1"}},
		{name: "phonemes between blanks", file: "a.txt", text: "0.25 kd p u\n0.6 hhc ts x\n", marks: "0.25 kd p u; 0.6 hhc ts x", notes: []string{"all that stands behind the times"}},
		{name: "ends beyond the recording", file: "a.csv", src: Source{Seconds: 1}, text: "0.25,60,kick\n0.6,70,hat\n", marks: "0.25 kick; 0.6 hat"},
		{name: "semicolons in names", file: "a.csv", text: "0.5,kick;hard\n0.7,hat;soft\n", marks: "0.5 kick;hard; 0.7 hat;soft"},
		{name: "commas in names between tabs", file: "a.txt", text: "0.5\t0.6\tkick, hard\n", marks: "0.5-0.6 kick, hard"},
		{name: "columns as asked", file: "a.csv", o: Options{Columns: Columns{Onset: "2", Class: "3", End: "1"}}, text: "0.9,0.5,kick,x\n", marks: "0.5-0.9 kick"},
		{name: "a column that is not there", file: "a.csv", o: Options{Columns: Columns{Class: "sound"}}, text: "0.5,kick\n", err: `no column "sound": no line names the columns, of which there are 2`},
		{name: "a name that is not there", file: "a.csv", o: Options{Columns: Columns{Class: "sound"}}, text: "onset,label\n0.5,kick\n", err: `no column "sound"; there are onset, label`},
		{name: "names as asked", file: "a.csv", o: Options{Columns: Columns{Onset: "t2", Class: "Boots"}}, text: "t2,boots,label\n0.5,kick,x\n", marks: "0.5 kick"},
		{name: "times between text", file: "a.txt", text: "Take 5\n0.5\nwas good\nreally\n", err: ErrNoLabels.Error()},
	} {
		t.Run(test.name, test.check)
	}
}

func TestTablesOfPrograms(t *testing.T) {
	raven := "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\t"
	for _, test := range []reads{
		{name: "raven", file: "a.Table.1.selections.txt", format: "raven", text: raven + "Annotation\n1\tSpectrogram 1\t1\t0.5\t0.6\t0\t9000\tkick\n", marks: "0.5-0.6 kick", notes: []string{}},
		{name: "raven, two views", file: "a.txt", format: "raven",
			text:  raven + "Annotation\n1\tWaveform 1\t1\t0.5\t0.6\t\t\tkick\n1\tSpectrogram 1\t1\t0.5\t0.6\t0\t9000\tkick\n2\tWaveform 1\t1\t0.7\t0.8\t\t\t\"q\"\n2\tSpectrogram 1\t1\t0.7\t0.8\t0\t9000\t\"q\"\n",
			marks: `0.5-0.6 kick; 0.7-0.8 "q"`, notes: []string{"2 rows that show a label in another view"}},
		{name: "raven, a file's own clock", file: "a.txt", text: raven + "Begin File\tFile Offset (s)\tCall\n1\tS\t1\t100.5\t100.6\t0\t9\tx.wav\t0.5\tkick\n",
			marks: "0.5-0.6 kick @x.wav", notes: []string{`the class is in the column "Call", the only one of words`}},
		{name: "raven, several files", file: "a.txt", text: raven + "Begin File\tAnnotation\n1\tS\t1\t0.5\t0.6\t0\t9\tx.wav\tkick\n2\tS\t1\t0.7\t0.8\t0\t9\ty.wav\that\n",
			marks: "0.5-0.6 kick @x.wav; 0.7-0.8 hat @y.wav", notes: []string{`no column "File Offset (s)"`}},
		{name: "raven, no begin", file: "a.txt", text: raven + "File Offset (s)\tAnnotation\n1\tS\t1\tx\t100.6\t0\t9\t0.5\tkick\n2\tS\t1\t1\t1.6\t0\t9\t0.7\that\n3\tS\t1\t1\t1.6\t0\t9\t0.9\that\n",
			marks: "0.7-1.3 hat; 0.9-1.5 hat", faults: `2: the begin: "x" is not a time`},
		{name: "birdnet selections", file: "a.BirdNET.selection.table.txt", format: "birdnet",
			text:  raven + "Common Name\tSpecies Code\tConfidence\tBegin Path\tFile Offset (s)\n1\tSpectrogram 1\t1\t3.0\t6.0\t0\t15000\tHouse Sparrow\thouspa\t0.9\t/x/a.wav\t3.0\n",
			marks: "3-6 House Sparrow @/x/a.wav by BirdNET"},
		{name: "birdnet csv", file: "a.csv", format: "birdnet", text: "Start (s),End (s),Scientific name,Common name,Confidence,File\n0,3.0,Passer,House Sparrow,0.9,x.wav\n", marks: "0-3 House Sparrow @x.wav by BirdNET"},
		{name: "reaper", file: "a.csv", format: "reaper", text: "#,Name,Start,End,Length\nM1,kick,0:00.500,,\nR1,\"hat, open\",1:02.250,1:03.000,0:00.750\n# a note\n",
			marks: "0.5 kick; 62.25-63 hat, open"},
		{name: "audition", file: "a.csv", format: "audition", text: "Name\tStart\tDuration\tTime Format\tType\tDescription\nMarker 01\t0:00.500\t0:00.000\tdecimal\tCue\t\nkick\t48000\t4800\t48000 Hz\tCue\tlate\n",
			marks: "0.5 Marker 01; 1-1.1 kick"},
		{name: "sonic visualiser with a header", file: "a.csv", format: "sonic-visualiser", text: "TIME,VALUE,DURATION,LABEL\n0.5,3,0.1,kick\n", marks: "0.5-0.6 kick"},
		{name: "ESC-50", file: "meta.csv", text: "filename,fold,target,category,esc10,src_file,take\n1-100032-A-0.wav,1,0,dog,True,100032,A\n", marks: "* dog @1-100032-A-0.wav", notes: []string{"whole recording"}},
		{name: "Hugging Face", file: "metadata.csv", text: "file_name,label\na.wav,kick\nb.wav,hat\n", marks: "* kick @a.wav; * hat @b.wav"},
		{name: "recordings alone", file: "recordings.csv", text: "file,performer,hits\na.wav,Ada,7\nb.wav,Ben,8\n", err: "it names recordings, but no class and no times"},
		{name: "recordings, the class as asked", file: "recordings.csv", o: Options{Columns: Columns{Class: "sound of"}}, text: "file,sound of,hits\na.wav,kick,7\n", marks: "* kick @a.wav"},
		{name: "DCASE weak", file: "weak.tsv", text: "filename\tevent_labels\nY1.wav\tSpeech,Dog\n", marks: "* Speech @Y1.wav; * Dog @Y1.wav", notes: []string{"1 rows list several classes"}},
		{name: "AudioSet", file: "a.csv", text: "# Segments\n# YTID, start_seconds, end_seconds, positive_labels\n--aJ, 0.0, 10.0, \"/m/03,/m/04\"\n", marks: "0-10 /m/03; 0-10 /m/04"},
		{name: "htk", file: "a.lab", format: "htk", text: "0 3600000 ice\n3600000 7200000 \"open hat\" -5.1 word\n", marks: "0-0.36 ice; 0.36-0.72 open hat", notes: []string{"count 100 ns", "behind the names in 1 lines"}},
		{name: "htk of many", file: "a.mlf", format: "htk", text: "#!MLF!#\n\"*/take1.lab\"\n0 3600000 'a\\'b'\n.\n\"*/take2.lab\"\n0 10 b\nx y z\n.\n", marks: "0-0.36 a'b @take1; 0-1e-06 b @take2",
			faults: "7: it does not begin with two whole numbers"},
		{name: "mirex", file: "a.lab", format: "audacity", text: "0.000\t2.612\tN\n2.612\t11.459\tE\n", marks: "0-2.612 N; 2.612-11.459 E"},
		{name: "mirex between blanks", file: "a.lab", text: "0.000 2.612 N\n2.612 11.459 E:7\n", marks: "0-2.612 N; 2.612-11.459 E:7"},
		{name: "whole seconds are no ticks", file: "a.lab", text: "0 2 N\n2 11 E\n", marks: "0-2 N; 2-11 E"},
	} {
		t.Run(test.name, test.check)
	}
}

func TestManyRecordingsKeepTheirOrder(t *testing.T) {
	text := "file,onset,label\nb.wav,0.7,hat\na.wav,0.3,kick\nb.wav,0.5,kick\n"
	reads{file: "a.csv", text: text, marks: "0.5 kick @b.wav; 0.7 hat @b.wav; 0.3 kick @a.wav"}.check(t)
}

func TestFaultsAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("onset,label\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "x%d,kick\n", i)
	}
	r, err := Read("a.csv", []byte(b.String()), Source{}, Options{})
	if err != nil || len(r.Faults) != maxFaults || !strings.Contains(r.Faults[maxFaults-1].Reason, "900 more") {
		t.Errorf("%d faults, %v: %v", len(r.Faults), err, r.Faults[len(r.Faults)-1])
	}
}
