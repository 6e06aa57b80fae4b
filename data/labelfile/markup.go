package labelfile

// markup are the formats that are not lines of text: trees, chunks, events.
var markup = []format{
	{name: "wav", binary: true, recognizes: isWAV, read: readWAV},
	{name: "midi", extension: ".mid", binary: true, recognizes: isMIDI, read: readMIDI, write: writeMIDI},
	{name: "svl", extension: ".svl", binary: true, recognizes: isSVL, read: readSVL, write: writeSVL},
	{name: "elan", extension: ".eaf", recognizes: isELAN, read: readELAN, write: writeELAN},
	{name: "xmp", recognizes: isXMP, read: readXMP},
	{name: "rpp", recognizes: isReaper, read: readReaper},
	{name: "jams", extension: ".jams", recognizes: isJAMS, read: readJAMS, write: writeJAMS},
	{name: "label-studio", extension: "label-studio.json", recognizes: isStudio, read: readStudio, writeAll: writeStudio,
		also: &companion{"label-studio.xml", writeStudioInterface}},
}
