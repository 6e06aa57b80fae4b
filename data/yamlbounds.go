package data

import (
	"bytes"
	"fmt"

	"github.com/goccy/go-yaml/ast"
)

// Bounds of a YAML text. A configuration is a page of text; what goes beyond is some
// other file, or made to take minutes and gigabytes: the parser's time grows with the
// square of the keys of a mapping, its memory with the depth, and what aliases and
// merges stand for doubles at each step.
const (
	maxYAML        = 1 << 20 // bytes
	maxYAMLLines   = 4000    // but for empty ones and comments
	maxYAMLPieces  = 10_000  // of a line or all: brackets, commas, colons and dashes that can begin a value
	maxYAMLNesting = 100     // brackets, dashes and steps of indentation that lie in one another
	maxYAMLNodes   = 100_000 // with what aliases stand for
)

// checkYAMLText fails where the text goes beyond the bounds.
func checkYAMLText(text []byte) error {
	if len(text) > maxYAML {
		return &YAMLError{What: "not a configuration: want a text of at most 1 MiB"}
	}
	n, lines, pieces, open := 0, 0, 0, 0
	for line := range bytes.Lines(text) {
		n++
		body := bytes.TrimLeft(line, " \t")
		if len(bytes.TrimSpace(body)) == 0 || body[0] == '#' {
			continue
		}
		lines++
		pieces += piecesOf(body)
		open = max(0, open+bytes.Count(body, []byte("["))+bytes.Count(body, []byte("{"))-bytes.Count(body, []byte("]"))-bytes.Count(body, []byte("}")))
		if len(line)-len(body) > 2*maxYAMLNesting || open > maxYAMLNesting || stacked(body) > maxYAMLNesting {
			return &YAMLError{n, fmt.Sprintf("not a configuration: settings nested more than %d deep", maxYAMLNesting)}
		}
		if lines > maxYAMLLines || pieces > maxYAMLPieces {
			return &YAMLError{n, fmt.Sprintf("not a configuration: more than %d lines of settings, or %d values", maxYAMLLines, maxYAMLPieces)}
		}
	}
	return nil
}

// piecesOf counts what can begin a value.
func piecesOf(line []byte) (n int) {
	for _, c := range line {
		if bytes.IndexByte([]byte("[{,:-?&*!"), c) >= 0 {
			n++
		}
	}
	return n
}

// stacked returns how deep one line alone can nest: its opening brackets, and the
// indicators before its first word.
func stacked(line []byte) int {
	first := len(line)
	if i := bytes.IndexFunc(line, func(r rune) bool { return !bytes.ContainsRune([]byte(" \t-?:&*!"), r) }); i >= 0 {
		first = i
	}
	depth, deepest := 0, 0
	for _, c := range line {
		switch c {
		case '[', '{':
			depth++
			deepest = max(deepest, depth)
		case ']', '}':
			depth = max(0, depth-1)
		}
	}
	return deepest + len(bytes.Fields(line[:first]))
}

// checkYAMLTree fails where there is more than one document, or where aliases stand
// for more than a configuration has, or for themselves.
func checkYAMLTree(file *ast.File) error {
	for i, doc := range file.Docs {
		if _, comment := doc.Body.(*ast.CommentGroupNode); i > 0 && doc.Body != nil && !comment {
			return &YAMLError{doc.Body.GetToken().Position.Line, "a second document; a configuration is one"}
		}
	}
	for _, doc := range file.Docs {
		e := expansion{sizes: map[string]int{}}
		if n := e.of(doc.Body); e.err != nil {
			return e.err
		} else if n > maxYAMLNodes {
			return &YAMLError{What: fmt.Sprintf("not a configuration: its aliases stand for more than %d values", maxYAMLNodes)}
		}
	}
	return nil
}

// expansion sums up the nodes that a document has with its aliases resolved.
type expansion struct {
	sizes map[string]int // of what anchors name; 0 while that is being summed up
	err   error
}

// of returns the nodes of n, at most a few more than maxYAMLNodes.
func (e *expansion) of(n ast.Node) int {
	sum := 1
	add := func(n ast.Node) { sum = min(sum+e.of(n), maxYAMLNodes+1) }
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			add(v)
		}
	case *ast.MappingValueNode:
		add(n.Key)
		add(n.Value)
	case *ast.MappingKeyNode:
		add(n.Value)
	case *ast.SequenceNode:
		for _, v := range n.Values {
			add(v)
		}
	case *ast.TagNode:
		add(n.Value)
	case *ast.AnchorNode:
		name := n.Name.GetToken().Value
		e.sizes[name] = 0
		add(n.Value)
		e.sizes[name] = sum
	case *ast.AliasNode:
		size, known := e.sizes[n.Value.GetToken().Value]
		if known && size == 0 {
			e.err = &YAMLError{n.GetToken().Position.Line, "an alias that stands for itself"}
		}
		sum = max(sum, size)
	}
	return sum
}
