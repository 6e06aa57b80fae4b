package plots

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"strings"
)

//go:embed *.go *.html
var source embed.FS

// Edition names the code that draws: a hash of this package's own source.
// Pictures of another edition are drawn again.
func Edition() string {
	h := sha256.New()
	err := fs.WalkDir(source, ".", func(name string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := source.ReadFile(name)
		h.Write(text)
		return err
	})
	if err != nil {
		panic(err) // embedded: cannot fail
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
