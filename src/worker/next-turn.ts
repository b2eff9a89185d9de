/** Resolves in the next turn of the event loop: in between others may work, and messages come in. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
