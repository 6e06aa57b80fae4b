package document

// Edition is raised when a page of the same content comes out in other bytes;
// TestEdition says when. Pages of another edition are written again.
const Edition = 2
