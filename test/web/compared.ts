/** Examples that run on the web and by the command line: data from a csv file, a linear program, a closed form, a control. */
export const COMPARED = ['c1-iris-setosa', 'c13-steepest-linf', 'r1-closest-interpolator', 'c1-control-not-separable'] as const;

/** The file of the workspace with the reports by the command line, by the names of the examples. */
export const BY_NODE = 'by-node.json';
