package labelfile

import "strings"

// tables are the formats of lines of text, and Praat's. One reader reads all
// tables and tells them apart by their columns.
var tables = []format{
	{name: "textgrid-binary", extension: ".TextGrid", binary: true, recognizes: isBinaryTextGrid, read: readBinaryTextGrid, write: writeBinaryTextGrid},
	{name: "textgrid", extension: ".TextGrid", recognizes: isTextGrid, read: readTextGrid, write: writeTextGrid},
	{name: "htk", extension: ".lab", recognizes: isHTK, read: readHTK, write: writeHTK},
	{name: "audacity", extension: ".txt", write: writeAudacity},
	{name: "audition", extension: ".csv", write: writeAudition},
	{name: "mirex", extension: ".lab", write: writeAudacity},
	{name: "onsets", extension: ".onsets", write: writeOnsets},
	{name: "raven", extension: ".Table.1.selections.txt", write: writeRaven},
	{name: "reaper", extension: ".csv", write: writeReaper},
	{name: "sonic-visualiser", extension: ".csv", write: writeSonicVisualiser},
	{name: "csv", extension: ".csv", lines: true, recognizes: isTable, read: readTable, write: writeCSV},
}

// isTable is true of all text but what is written in other languages.
func isTable(in *input) bool {
	return !strings.HasPrefix(in.head, "<") && !strings.HasPrefix(in.head, "{") && !strings.HasPrefix(in.head, "[")
}
