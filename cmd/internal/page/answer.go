package page

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"prep/cmd/internal/desk"
)

// statusError is a request that cannot be answered, with its HTTP status.
type statusError struct {
	status int
	error
}

func refuse(status int, format string, args ...any) error {
	return statusError{status, fmt.Errorf(format, args...)}
}

// statuses are what the desk's refusals are in HTTP.
var statuses = map[desk.Kind]int{desk.Unclear: http.StatusBadRequest, desk.Missing: http.StatusNotFound, desk.Conflict: http.StatusConflict}

// statusOf returns the HTTP status of an error.
func statusOf(err error) int {
	var own statusError
	var refused desk.Refusal
	switch {
	case errors.As(err, &own):
		return own.status
	case errors.As(err, &refused):
		return statuses[refused.Kind]
	}
	return http.StatusInternalServerError
}

func writeError(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(statusOf(err))
	json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
}

func writeJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(v)
}

func writeFloats(w http.ResponseWriter, x []float32) error {
	w.Header().Set("Content-Type", "application/octet-stream")
	return binary.Write(w, binary.LittleEndian, x)
}
