package data

import (
	"bytes"
	"errors"

	"github.com/goccy/go-yaml"
)

// DecodeYAML decodes text into v. An unknown key is an error, as is a text on
// which the parser itself gives up: goccy/go-yaml v1.18 panics on some. A byte
// order mark, which some editors put in front, is passed over. A text without
// a document sets *v to its zero value.
func DecodeYAML(text []byte, v any) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("not valid YAML")
		}
	}()
	return yaml.UnmarshalWithOptions(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), v, yaml.Strict())
}
