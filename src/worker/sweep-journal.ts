/** The journal of a sweep's folder, read on while other processes write it. */
import { open, type FileHandle } from 'node:fs/promises';

/** A line of the journal. */
export interface JournalEvent {
  readonly event: string;
  /** The point it is about, where it is about one. */
  readonly index?: number;
}

/** Events since a place in the journal, in bytes, and the place behind them. */
export async function journalFrom(
  file: string,
  from: number,
): Promise<{ readonly events: readonly JournalEvent[]; readonly next: number }> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch {
    return { events: [], next: from };
  }
  try {
    const { size } = await handle.stat();
    if (size <= from) return { events: [], next: from };
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    // The last line may be under way.
    const whole = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
    return { events: buffer.toString('utf8', 0, whole).split('\n').flatMap(eventOf), next: from + whole };
  } finally {
    await handle.close();
  }
}

function eventOf(line: string): readonly JournalEvent[] {
  try {
    const { event, index } = JSON.parse(line) as Partial<JournalEvent>;
    return typeof event === 'string' ? [{ event, ...(typeof index === 'number' && { index }) }] : [];
  } catch {
    return [];
  }
}
