package data

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// YAMLError is a fault of a YAML text, on one line.
type YAMLError struct {
	Line int // counted from 1; 0 where it is not known
	What string
}

// Error returns "line 4: unknown field "hopp"".
func (e *YAMLError) Error() string {
	if e.Line == 0 {
		return e.What
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.What)
}

// KeyError is a fault of a value that is of the right kind: its key in a section
// of the configuration, such as "plan[1].min".
type KeyError struct {
	Section, Key string
	Err          error
}

// Error returns "plan[1].min: min is 2 and max -2".
func (e *KeyError) Error() string { return e.Key + ": " + e.Err.Error() }

// Unwrap returns the fault itself.
func (e *KeyError) Unwrap() error { return e.Err }

// Line returns the line of text, counted from 1, on which the key is, or 0.
func (e *KeyError) Line(text []byte) int {
	path, err := yaml.PathString("$." + e.Section + "." + e.Key)
	if err != nil {
		return 0
	}
	node, err := path.ReadNode(bytes.NewReader(text))
	if err != nil {
		return 0
	}
	return node.GetToken().Position.Line
}

// DecodeYAML decodes text into the struct that v points to. Every error is a
// *YAMLError: of an unknown key, of a value of another kind than its field
// (which the parser alone would round or describe in words of Go), and of a
// text on which the parser itself gives up: goccy/go-yaml v1.18 panics on some; and of
// one beyond the bounds of a configuration, or of more than one document.
// A byte order mark, which some editors put in front, is passed over. A text
// without a document sets *v to its zero value.
func DecodeYAML(text []byte, v any) (err error) {
	defer func() {
		if recover() != nil {
			err = &YAMLError{What: "not valid YAML"}
		}
	}()
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if err := checkYAMLText(text); err != nil {
		return err
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return yamlError(err)
	}
	if err := checkYAMLTree(file); err != nil {
		return err
	}
	for _, doc := range file.Docs {
		if err := fits(doc.Body, reflect.TypeOf(v).Elem(), ""); err != nil {
			return err
		}
	}
	if err := yaml.UnmarshalWithOptions(text, v, yaml.Strict()); err != nil {
		return yamlError(err)
	}
	return nil
}

// yamlError takes line and message from an error of the parser.
func yamlError(err error) error {
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil {
		return &YAMLError{What: err.Error()}
	}
	return &YAMLError{y.GetToken().Position.Line, strings.TrimSpace(y.GetMessage())}
}

var (
	durationType = reflect.TypeFor[time.Duration]()
	textType     = reflect.TypeFor[encoding.TextUnmarshaler]()
	ownType      = reflect.TypeFor[yaml.InterfaceUnmarshaler]() // reads a scalar for itself
)

// fits returns an error where a node is of another kind than its Go type asks
// for. What is no plain value, and keys that are unknown, it leaves to the
// decoder.
func fits(n ast.Node, t reflect.Type, key string) error {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == durationType || t.Kind() == reflect.Interface || reflect.PointerTo(t).Implements(textType) {
		return nil
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, pair := range n.Values {
			if err := fitsPair(pair, t, key); err != nil {
				return err
			}
		}
	case *ast.MappingValueNode:
		return fitsPair(n, t, key)
	case *ast.SequenceNode:
		if t.Kind() != reflect.Slice {
			return misfit(n, t, key)
		}
		for _, v := range n.Values {
			if err := fits(v, t.Elem(), key); err != nil {
				return err
			}
		}
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		if !holds(t, n) && !reflect.PointerTo(t).Implements(ownType) {
			return misfit(n, t, key)
		}
	}
	return nil
}

// fitsPair looks at the value of a key of a struct or a map.
func fitsPair(pair *ast.MappingValueNode, t reflect.Type, within string) error {
	key := pair.Key.String()
	switch t.Kind() {
	case reflect.Map:
		return fits(pair.Value, t.Elem(), key)
	case reflect.Struct:
		for f := range t.Fields() {
			if name, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); name == key {
				return fits(pair.Value, f.Type, key)
			}
		}
		return nil
	}
	return misfit(pair, t, within)
}

// holds reports whether a scalar is a value of a type. Text may be anything
// but a number where a number is due: quotes do not change what it says.
func holds(t reflect.Type, n ast.Node) bool {
	text := n.GetToken().Value
	switch t.Kind() {
	case reflect.Int:
		v, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
		_, whole := n.(*ast.IntegerNode)
		return whole || err == nil && v == float64(int64(v))
	case reflect.Uint64:
		_, whole := n.(*ast.IntegerNode)
		_, err := strconv.ParseUint(text, 10, 64)
		return err == nil || whole && !strings.HasPrefix(text, "-")
	case reflect.Float32, reflect.Float64:
		_, quoted := n.(*ast.StringNode)
		_, yes := n.(*ast.BoolNode)
		_, err := strconv.ParseFloat(text, 64)
		return err == nil || !quoted && !yes
	case reflect.Bool:
		_, ok := n.(*ast.BoolNode)
		return ok
	case reflect.String:
		return true
	}
	return false
}

// misfit says what a value must be.
func misfit(n ast.Node, t reflect.Type, key string) error {
	must := map[reflect.Kind]string{
		reflect.Int: "a whole number", reflect.Uint64: "a whole number, 0 or more",
		reflect.Float32: "a number", reflect.Float64: "a number", reflect.Bool: "true or false",
		reflect.Slice: "a list", reflect.Map: "keys and values", reflect.Struct: "keys and values",
		reflect.String: "text",
	}[t.Kind()]
	what := "must be " + must
	if key != "" {
		what = key + ": " + what
	}
	switch n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		what += fmt.Sprintf(", not %.80s", n.GetToken().Value)
	}
	return &YAMLError{n.GetToken().Position.Line, what}
}
