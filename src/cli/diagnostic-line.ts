import type { Diagnostic } from '../protocol/compute';
import type { Paint } from './paint';
import { printable } from './terminal-text';

/** What a line says of a diagnostic. */
export type Finding = Pick<Diagnostic, 'line' | 'column' | 'severity' | 'code' | 'message'>;

/** `file:line:column: severity code message`, the form that editors and scripts read. */
export function diagnosticLine(file: string, { line, column, severity, code, message }: Finding, paint: Paint): string {
  const colour = severity === 'error' ? paint.bad : severity === 'warning' ? paint.unsure : paint.faint;
  return `${printable(file)}:${line}:${column}: ${colour(severity)} ${code} ${printable(message)}\n`;
}

/** "2 errors, 1 warning". */
export function countText(diagnostics: readonly Pick<Diagnostic, 'severity'>[]): string {
  const count = (severity: Diagnostic['severity'], one: string, many: string): string[] => {
    const found = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return found === 0 ? [] : [`${found} ${found === 1 ? one : many}`];
  };
  const parts = [
    ...count('error', 'error', 'errors'),
    ...count('warning', 'warning', 'warnings'),
    ...count('information', 'note', 'notes'),
  ];
  return parts.length === 0 ? 'no problems' : parts.join(', ');
}
