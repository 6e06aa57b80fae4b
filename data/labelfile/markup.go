package labelfile

// markup are the formats that are not lines of text: trees, chunks, events.
var markup = []format{}
