/** The figures of a report: those of the result that leads, and of the model what none of them shows. */
import type { Figure, Reference } from '../protocol/report';
import type { Examination, Situation, Trained } from '../theory/result';
import { boundaryFigure } from './boundary-figure';
import { functionFigure } from './function-figure';
import { layerFigure } from './layer-figure';
import { unitFigure } from './unit-figure';

/**
 * @param leading null where no result applies, or where its figures have to wait for the end
 * @param predicted the solution of its reference problem
 * @param references all references, the predicted one among them
 */
export function reportFigures(
  situation: Situation,
  leading: Pick<Examination, 'figures'> | null,
  trained: Trained,
  predicted: Reference | null,
  references: readonly Reference[],
): readonly Figure[] {
  const own = leading?.figures?.(trained, predicted) ?? [];
  const shows = (...endings: readonly string[]): boolean => own.some(({ id }) => endings.some((ending) => id.endsWith(ending)));
  return [
    ...own,
    ...(shows('boundary') ? [] : boundaryFigure(situation, trained, references)),
    ...(shows('function') ? [] : functionFigure(situation, trained, predicted)),
    ...(shows('directions', 'clusters') ? [] : unitFigure(situation, trained)),
    ...(shows('layer-spectra', 'layer-norms') ? [] : layerFigure(situation, trained)),
  ];
}
