/** Something that can be given up. Structurally the editor's Disposable, without the editor. */
export interface Disposable {
  dispose(): void;
}

/** An event with listeners; the same shape as the editor's events, usable where the editor is not loaded. */
export class Signal<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => void>();

  readonly event = (listener: (value: T) => void): Disposable => {
    // A wrapper of its own per subscription: one function may listen twice.
    const entry = (value: T): void => listener(value);
    this.listeners.add(entry);
    return { dispose: () => this.listeners.delete(entry) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  dispose(): void {
    this.listeners.clear();
  }
}

/** Owns what it is given and lets go of it in reverse order. */
export class Ownership implements Disposable {
  private readonly owned: Disposable[] = [];

  own<T extends Disposable>(item: T): T {
    this.owned.push(item);
    return item;
  }

  dispose(): void {
    for (const item of this.owned.splice(0).reverse()) item.dispose();
  }
}
