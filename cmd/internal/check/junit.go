package check

import (
	"encoding/xml"
	"io"
	"strings"
)

// The JUnit report of a check, as Jenkins, GitLab and others read it: a suite
// with a test case for the set and one a gate.
// https://github.com/jenkinsci/xunit-plugin (junit-10.xsd)
type junitSuites struct {
	XMLName  xml.Name   `xml:"testsuites"`
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Suite    junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the result as JUnit XML.
func (r Result) JUnit(w io.Writer) error {
	s := junitSuite{Name: "prep check"}
	s.add("set", r.Verdict(), r.Listing())
	for _, g := range r.Gates {
		failure := ""
		if !g.OK {
			failure = g.Word
		}
		s.add(g.Name, g.Word, failure)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Name: s.Name, Tests: s.Tests, Failures: s.Failures, Suite: s}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// add adds a case, which passes where failure is "".
func (s *junitSuite) add(name, word, failure string) {
	c := junitCase{Name: name, Class: "prep.check"}
	if failure != "" {
		first, _, _ := strings.Cut(failure, "\n")
		c.Failure = &junitFailure{Message: first, Type: "gate", Text: failure}
		s.Failures++
	} else {
		c.Out = word
	}
	s.Tests++
	s.Cases = append(s.Cases, c)
}
