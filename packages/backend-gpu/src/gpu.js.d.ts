// gpu.js, whose own types leave out what is used here: library.ts says what that is.
declare module '#gpu.js' {
  const library: unknown;
  export default library;
}
