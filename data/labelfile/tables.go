package labelfile

// tables are the formats of lines of text, and Praat's.
var tables = []format{}
