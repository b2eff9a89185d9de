/** Measures at the end of a run, by the names that the lab gives them, as Python code. */
import { MEASURES, type MeasureName } from '../protocol/measures';

/** What a measure needs: it is left out where the experiment does not have it. */
type Need = 'margins' | 'predictor' | 'predicted' | 'test' | 'matrix' | 'degree' | 'few parameters';

interface PythonMeasure {
  readonly code: string;
  readonly needs: readonly Need[];
}

const measure = (code: string, ...needs: readonly Need[]): PythonMeasure => ({ code, needs });

const PYTHON: Partial<Record<MeasureName, PythonMeasure>> = {
  loss: measure('float(value)'),
  logLoss: measure('float(torch.log(value))'),
  gradientNorm: measure('float(size(g))'),
  parameterNorm: measure('float(size([block for block, trained in zip(theta, TRAINED) if trained]))'),
  testLoss: measure('float(loss(model(theta, X_TEST), Y_TEST))', 'test'),
  errorRate: measure('float((Y * out <= 0).double().mean())', 'margins'),
  testErrorRate: measure('float((Y_TEST * model(theta, X_TEST) <= 0).double().mean())', 'margins', 'test'),
  distance: measure('float((w - REFERENCE).norm() / REFERENCE.norm())', 'predictor', 'predicted'),
  directionDistance: measure('float((w / w.norm() - REFERENCE / REFERENCE.norm()).norm())', 'predictor', 'predicted'),
  margin: measure('float((Y * out).min() / w.norm())', 'margins', 'predictor'),
  marginGap: measure('float(1 - (Y * out).min() / w.norm() * REFERENCE.norm())', 'margins', 'predictor', 'predicted'),
  parameterMargin: measure('float((Y * out).min() / size(theta) ** DEGREE)', 'margins', 'degree'),
  l1Norm: measure('float(w.abs().sum())', 'predictor'),
  l2Norm: measure('float(w.norm())', 'predictor'),
  nuclearNorm: measure('float(s.sum())', 'matrix'),
  frobeniusNorm: measure('float(s.norm())', 'matrix'),
  effectiveRank: measure('float(torch.exp(-torch.special.xlogy(s / s.sum(), s / s.sum()).sum()))', 'matrix'),
  stableRank: measure('float((s**2).sum() / s[0] ** 2)', 'matrix'),
  singular1: measure('float(s[0])', 'matrix'),
  singular2: measure('float(s[1])', 'matrix'),
  singular3: measure('float(s[2])', 'matrix'),
  singular4: measure('float(s[3])', 'matrix'),
};

export interface Has {
  readonly needs: ReadonlySet<Need>;
  /** Singular values that the matrix has. */
  readonly singularValues: number;
}

/** @param names measures that the run records */
export function pythonMeasures(
  names: readonly string[],
  { needs, singularValues }: Has,
): { readonly code: string; readonly left: readonly string[] } {
  const lines: string[] = [];
  const left: string[] = [];
  for (const name of names) {
    const known = PYTHON[name as MeasureName];
    const number = /^singular(\d)$/.exec(name);
    if (known !== undefined && known.needs.every((need) => needs.has(need)) && (number === null || Number(number[1]) <= singularValues))
      lines.push(`        "${name}": ${known.code},  # ${MEASURES[name as MeasureName].title.toLowerCase()}`);
    else if (known === undefined && Object.hasOwn(MEASURES, name)) left.push(name);
  }
  const set = [
    ...(needs.has('predictor') ? ['    w = predictor(theta)'] : []),
    ...(needs.has('matrix') ? ['    s = torch.linalg.svdvals(matrix(theta))'] : []),
  ];
  return {
    left,
    code: `def measures(theta):
    """What the lab measures at the end of a run, under its names."""
    value, g = gradient(theta)
    out = model(theta, X)
${[...set, '    return {', ...lines, '    }'].join('\n')}`,
  };
}
