package report

// Edition is raised when a page of the same records says something else;
// TestEdition says when. Reports of another edition are written again.
const Edition = 4
