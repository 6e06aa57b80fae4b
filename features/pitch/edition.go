package pitch

// Edition is raised when the same audio comes to have another pitch or other
// harmonics; TestEdition says when.
const Edition = 1
