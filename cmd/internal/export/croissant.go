package export

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"

	"prep/data"
)

// object is a JSON object.
type object = map[string]any

// croissant writes croissant.json (https://docs.mlcommons.org/croissant/docs/croissant-spec.html).
func (c card) croissant(w io.Writer) error {
	files, err := c.distribution()
	if err != nil {
		return err
	}
	m := object{
		"@context": croissantContext, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0",
		"name": c.title, "description": "Percussive sounds of under 50 ms, made by prep.",
		"version": "1.0.0", "distribution": files,
	}
	if len(c.licences) > 0 {
		m["license"] = c.licences
	}
	if len(c.authors) > 0 {
		var creators []object
		for _, a := range c.authors {
			creators = append(creators, object{"@type": "sc:Person", "name": a})
		}
		m["creator"] = creators
	}
	if len(c.dates) > 0 {
		m["temporalCoverage"] = c.dates
	}
	m["recordSet"] = c.recordSets()
	return data.EncodeJSON(w, m)
}

// distribution returns the files that a record is read from, with their hashes.
func (c card) distribution() (files []object, err error) {
	for _, split := range c.splits() {
		name := c.rowsFile(split)
		f, err := os.Open(filepath.Join(c.dir, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		h := sha256.New()
		_, err = io.Copy(h, f)
		f.Close()
		if err != nil {
			return nil, err
		}
		files = append(files, object{
			"@type": "cr:FileObject", "@id": split, "name": split, "contentUrl": name,
			"encodingFormat": c.mime, "sha256": hex.EncodeToString(h.Sum(nil)),
		})
	}
	return files, nil
}

// recordSets returns a set of records for each split: hit, label, group.
func (c card) recordSets() (sets []object) {
	for _, split := range c.splits() {
		var fields []object
		for _, name := range []string{"hit", c.classColumn, "group"} {
			fields = append(fields, object{
				"@type": "cr:Field", "@id": split + "-hits/" + name, "name": name, "dataType": "sc:Text",
				"source": object{"fileObject": object{"@id": split}, "extract": object{"column": name}},
			})
		}
		sets = append(sets, object{"@type": "cr:RecordSet", "@id": split + "-hits", "name": split + "-hits", "field": fields})
	}
	return sets
}

// croissantContext is what the specification says the context of version 1.0 to be.
var croissantContext = object{
	"@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
	"conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
	"data": object{"@id": "cr:data", "@type": "@json"}, "dataType": object{"@id": "cr:dataType", "@type": "@vocab"},
	"dct": "http://purl.org/dc/terms/", "examples": object{"@id": "cr:examples", "@type": "@json"},
	"extract": "cr:extract", "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject",
	"fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset",
	"jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
	"recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated",
	"replace": "cr:replace", "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source",
	"subField": "cr:subField", "transform": "cr:transform",
}
