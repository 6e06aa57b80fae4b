package train

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
)

// finalFit names, in a history, the fit of the model that is kept; the others
// are the folds': "fold 1", which chose its number of epochs, and "fold 1 again",
// on the groups that it was chosen by too.
const (
	finalFit = "final"
	again    = " again"
)

// Chose reports whether e is of a training that chose a fold's number of epochs.
func (e Epoch) Chose() bool { return e.Fit != finalFit && !strings.HasSuffix(e.Fit, again) }

// ReadReport returns the report of the model folder dir.
func ReadReport(dir string) (r Report, err error) {
	path := filepath.Join(dir, reportFile)
	raw, err := bundleIn(dir).ReadFile(reportFile)
	if err != nil {
		return r, err
	}
	if err = json.Unmarshal(raw, &r); err == nil && r.Format > reportFormat {
		err = fmt.Errorf("a report of format %d; this version of prep reads %d: take a newer prep", r.Format, reportFormat)
	}
	if err != nil {
		return r, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// ReadHistory returns history.csv of the model folder dir: the epochs of the
// folds in their order, then those of the final fit.
func ReadHistory(dir string) ([]Epoch, error) {
	path := filepath.Join(dir, historyFile)
	raw, err := bundleIn(dir).ReadFile(historyFile)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err == nil && len(rows) == 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("%s: not a history: %w", path, err)
	}
	var history []Epoch
	for i, row := range rows[1:] {
		e, err := parseEpoch(row)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, i+2, err)
		}
		history = append(history, e)
	}
	return history, nil
}

// parseEpoch reads a line of history.csv.
func parseEpoch(row []string) (e Epoch, err error) {
	if len(row) != 6 {
		return e, fmt.Errorf("%d fields, want 6", len(row))
	}
	e.Fit = row[0]
	if e.Epoch, err = strconv.Atoi(row[1]); err != nil {
		return e, err
	}
	for i, v := range []*float64{&e.LearningRate, &e.TrainLoss, &e.ValidationLoss, &e.ValidationAccuracy} {
		if *v, err = strconv.ParseFloat(row[2+i], 64); err != nil {
			return e, err
		}
	}
	return e, nil
}
