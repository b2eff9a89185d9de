/** What a study needs from the world around it. */
import type { FileAccess } from '../data/dataset';
import type { LinearProgramSolver } from '../solvers/reference-problem';

export interface Environment {
  readonly files: FileAccess;
  /** Loaded at first use. */
  linearPrograms(): Promise<LinearProgramSolver>;
  /** True when the user has asked to stop. Cheap: asked in every step. */
  cancelled(): boolean;
  /** Lets in the messages by which the user asks to stop, where `cancelled()` knows of it from them. Absent where it knows by itself. */
  hearMessages?(): Promise<void>;
  /** Wall clock in milliseconds. */
  now(): number;
  /** SHA-256 of a text, hexadecimal. */
  sha256(text: string): Promise<string>;
  readonly version: string;
  /** Somebody looks on: figures are drawn on the way. The report is the same without. */
  readonly watched?: boolean;
}

/** Thrown where work is given up because `cancelled()` said so. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}
