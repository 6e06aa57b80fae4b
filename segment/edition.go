package segment

// Edition is raised when the same input and configuration come to give other
// values; TestEdition says when. Results of another edition are made again.
const Edition = 5
