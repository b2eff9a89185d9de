/** How far a sweep is, in the same words wherever it is followed. */
import type { SweepProgress } from '../protocol/sweep';

/** "12 of 200 runs · 1 failed · job 4711: 8 running, 55 waiting · 3 min left" */
export function progressText({ done, total, failed, secondsLeft, waiting }: SweepProgress): string {
  const parts = [`${done} of ${total} runs`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (waiting !== null) parts.push(waiting);
  if (secondsLeft !== null && done + failed < total) parts.push(`${timeLeft(secondsLeft)} left`);
  return parts.join(' · ');
}

/** Share of the runs that are over. */
export function progressFraction({ done, failed, total }: SweepProgress): number {
  return (done + failed) / total;
}

/** "cancelled" is the word of a call; nothing of a sweep is lost by it. */
export function pausedText(done: number, total: number): string {
  return `Paused with ${done} of ${total} runs done`;
}

/** "45 s", "3 min", "2 h 5 min": rounded, for it is a guess. */
export function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
