// Package licence has the notices of what others wrote of the program.
package licence

import (
	"compress/gzip"
	_ "embed"
	"io"
	"strings"
)

//go:embed notices.gz
var notices string

// Notices writes which modules the program is made of and their licences, as
// `go test ./cmd/internal/licence -write` gathered them. It fails when w does.
func Notices(w io.Writer) error {
	r, err := gzip.NewReader(strings.NewReader(notices))
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}
