package data

import (
	"reflect"
	"strings"
	"testing"
)

// Every line of a manifest has every field: readers such as polars take the columns from the
// first lines and drop what comes later.
func TestEveryLineHasEveryField(t *testing.T) {
	for _, v := range []any{Hit{}, Label{}, Recording{Rate: 44100}, Removal{Recording: Recording{Rate: 44100}}} {
		var b strings.Builder
		if err := EncodeLines(&b, []any{v}); err != nil {
			t.Fatal(err)
		}
		for _, f := range reflect.VisibleFields(reflect.TypeOf(v)) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !strings.Contains(b.String(), `"`+name+`":`) {
				t.Errorf("%T: a line lacks %q: %s", v, name, b.String())
			}
		}
	}
}
