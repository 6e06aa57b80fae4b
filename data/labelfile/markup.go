package labelfile

// markup are the formats that are not lines of text: trees, chunks, events.
var markup = []format{
	{name: "label-studio", extension: "label-studio.json", recognizes: isStudio, read: readStudio, writeAll: writeStudio,
		also: &companion{"label-studio.xml", writeStudioInterface}},
}
