package labelfile

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"prep/data/disk"
)

// Load returns the content of a label file of at most so many bytes.
func Load(path string, most int64) ([]byte, error) {
	info, err := disk.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	if info.Size() > most {
		return nil, fmt.Errorf("a label file of %d bytes; %d are allowed", info.Size(), most)
	}
	return disk.ReadFile(path)
}

// ReadableFile is Readable of a regular file of at most so many bytes, of which
// it reads no more than it takes: the beginning, unless that is of a format that
// only the whole file tells. The error is the system's.
func ReadableFile(path string, most int64) (bool, error) {
	info, err := disk.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return false, err
	}
	f, err := disk.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	name := filepath.Base(path)
	content, err := io.ReadAll(io.LimitReader(f, headBytes+1))
	if err != nil {
		return false, err
	}
	if len(content) > headBytes {
		in, err := open(name, content, Source{}, Options{})
		if err != nil {
			return false, nil
		}
		if f := recognize(in); f == nil {
			return false, nil
		} else if !f.lines {
			if content, err = Load(path, most); err != nil {
				return false, err
			}
		}
	}
	return Readable(name, content), nil
}
