package plots

// Edition is raised when the same input and configuration come to give other
// pictures; TestEdition says when. Pictures of another edition are drawn again.
const Edition = 5
