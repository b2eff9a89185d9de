/** Resolves in the next turn of the event loop: the host is free for others in between. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
