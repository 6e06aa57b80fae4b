package labelfile

import (
	"bufio"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
)

var elanHead = strings.Join([]string{
	`<?xml version="1.0" encoding="UTF-8"?>`,
	`<ANNOTATION_DOCUMENT AUTHOR="" DATE="1970-01-01T00:00:00+00:00" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">`,
	`    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">`,
	`        <MEDIA_DESCRIPTOR MEDIA_URL="%[1]s" MIME_TYPE="audio/x-wav" RELATIVE_MEDIA_URL="%[1]s"/>`,
	`        <PROPERTY NAME="lastUsedAnnotationId">%[2]d</PROPERTY>`,
	`    </HEADER>`, ``}, "\n")

var elanFoot = strings.Join([]string{
	`    </TIER>`,
	`    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>`,
	`</ANNOTATION_DOCUMENT>`, ``}, "\n")

// elanSpans returns the marks that have a time, and from where to where each is,
// in ms: one without an end takes one, if the next leaves it room, one with an
// end at least two.
func elanSpans(marks []Mark) (timed []Mark, spans [][2]int64) {
	timed = slices.DeleteFunc(slices.Clone(marks), func(m Mark) bool { return m.Whole })
	for i, m := range timed {
		from := millis(m.Onset)
		to := max(from+1, millis(m.End))
		if m.End > m.Onset {
			to = max(from+2, to)
		}
		if i+1 < len(timed) && m.End <= m.Onset {
			to = max(from, min(to, millis(timed[i+1].Onset)))
		}
		spans = append(spans, [2]int64{from, to})
	}
	return timed, spans
}

func millis(seconds float64) int64 { return int64(seconds*1000 + .5) }

// writeELAN writes a document of one tier. ELAN knows no moments: a mark without
// an end is a millisecond long, as it is read. Marks of the whole recording are
// left out.
func writeELAN(w io.Writer, r Recording) error {
	b := bufio.NewWriter(w)
	marks, spans := elanSpans(r.Marks)
	media := xmlEscaped((&url.URL{Path: "./" + r.Name}).String())
	fmt.Fprintf(b, elanHead, media, len(marks))
	fmt.Fprintf(b, "    <TIME_ORDER>\n")
	for i, s := range spans {
		for k, at := range s {
			fmt.Fprintf(b, "        <TIME_SLOT TIME_SLOT_ID=\"ts%d\" TIME_VALUE=\"%d\"/>\n", 2*i+k+1, at)
		}
	}
	fmt.Fprintf(b, "    </TIME_ORDER>\n    <TIER LINGUISTIC_TYPE_REF=\"default-lt\" TIER_ID=\"hits\">\n")
	for i, m := range marks {
		fmt.Fprintf(b, "        <ANNOTATION>\n            <ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a%d\" TIME_SLOT_REF1=\"ts%d\" TIME_SLOT_REF2=\"ts%d\">\n", i+1, 2*i+1, 2*i+2)
		fmt.Fprintf(b, "                <ANNOTATION_VALUE>%s</ANNOTATION_VALUE>\n            </ALIGNABLE_ANNOTATION>\n        </ANNOTATION>\n", xmlEscaped(m.Class))
	}
	b.WriteString(elanFoot)
	return b.Flush()
}
